import * as ForkSim from 'fork-sim';
import * as ProcIo from 'proc-io';
import * as PtModel from 'pt-model';
import React from 'react';
import * as VmaCore from 'vma-core';
import { Result } from '../../components/Result.tsx';
import { StateFigure } from '../../components/StateFigure.tsx';
import { TracePlayer } from '../../components/TracePlayer.tsx';

/** What live code blocks can name. Their types are checked against this very object. */
const ReactLiveScope = {
  React,
  ...React,
  VmaCore,
  PtModel,
  ProcIo,
  ForkSim,
  Result,
  StateFigure,
  TracePlayer,
};

export default ReactLiveScope;
