import * as ForkSim from 'fork-sim';
import * as ProcIo from 'proc-io';
import * as PtModel from 'pt-model';
import React from 'react';
import * as VmaCoreRoot from 'vma-core';
import * as calls from 'vma-core/calls';
import * as changes from 'vma-core/changes';
import * as diagram from 'vma-core/diagram';
import * as merge from 'vma-core/merge';
import * as profiles from 'vma-core/profiles';
import * as validate from 'vma-core/validate';
import * as words from 'vma-core/words';
import { Result } from '../../components/Result.tsx';
import { StateFigure } from '../../components/StateFigure.tsx';
import { TracePlayer } from '../../components/TracePlayer.tsx';
import { traceRun } from '../../engine.ts';
import { provideEngine } from '../../traces/lateEngine.ts';

provideEngine(traceRun);

/** All entries of vma-core under one name: blocks have no imports. */
const VmaCore = { ...VmaCoreRoot, ...calls, ...changes, ...diagram, ...merge, ...profiles, ...validate, ...words };

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
