import * as ForkSim from 'fork-sim';
import * as PtModel from 'pt-model';
import React from 'react';
import * as VmaCore from 'vma-core';
import { Result } from '../../components/Result.tsx';
import { StateFigure } from '../../components/StateFigure.tsx';
import { TracePlayer } from '../../components/TracePlayer.tsx';

/** What live code blocks can name. */
const ReactLiveScope: Record<string, unknown> = {
  React,
  ...React,
  VmaCore,
  PtModel,
  ForkSim,
  Result,
  StateFigure,
  TracePlayer,
};

export default ReactLiveScope;
