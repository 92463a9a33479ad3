// Mistakes that one could make in the rules of merging, guards, zapping, copying and splitting: [file below packages, what it says
// once compiled, what the mutant says]. The text must be in the file exactly once.

const MERGEABLE = 'vma-core/dist/merge/isMergeableVma.js';
const CAN = 'vma-core/dist/merge/canVmaMerge.js';
const COMMIT = 'vma-core/dist/merge/commitMerge.js';
const EXISTING = 'vma-core/dist/merge/vmaMergeExistingRange.js';
const NEW = 'vma-core/dist/merge/vmaMergeNewRange.js';
const EXPAND = 'vma-core/dist/merge/vmaExpand.js';
const COPIED = 'vma-core/dist/merge/vmaMergeCopiedRange.js';
const SPLIT = 'vma-core/dist/merge/splitVma.js';
const MODIFY = 'vma-core/dist/merge/vmaModifyFlags.js';
const NEEDS = 'vma-core/dist/vmaNeedsCopy.js';
const ANON = 'vma-core/dist/anonVma.js';
const MADVISE = 'vma-core/dist/mm/madvise.js';
const MPROTECT = 'vma-core/dist/mm/mprotect.js';
const MREMAP = 'vma-core/dist/mm/mremap.js';
const MLOCK = 'vma-core/dist/mm/mlock.js';
const MUNMAP = 'vma-core/dist/mm/munmap.js';
const FORK = 'fork-sim/dist/process/fork.js';
const MOVE = 'vma-core/dist/mm/mremapMove.js';
const GUARD = 'pt-model/dist/guardRegion.js';
const ZAP = 'pt-model/dist/zapPageRange.js';
const COPY = 'pt-model/dist/copyPteTable.js';
const TABLES = 'pt-model/dist/copyPageRange.js';
const DUP = 'fork-sim/dist/process/dupMmap.js';

/** @type {readonly (readonly [file: string, from: string, to: string])[]} */
export const MUTANTS = [
  // May these two merge?
  [MERGEABLE, '& mm.compareLo) |', '& 0) |'],
  [MERGEABLE, 'if (differ !== 0)', 'if (differ === 0)'],
  [MERGEABLE, 'if (store.file[vma] !== store.file[proposed])', 'if (false)'],
  [
    MERGEABLE,
    'const vma = mergeNext ? vmg.next : vmg.prev;\n    if (!mm',
    'const vma = mergeNext ? vmg.prev : vmg.next;\n    if (!mm',
  ],
  [MERGEABLE, 'if (ours === theirs)', 'if (ours !== theirs)'],
  [MERGEABLE, 'if (theirs !== 0)', 'if (false)'],
  [MERGEABLE, "return !isForkChild(mm, vma) || vmg.refuse('forkChild', mergeNext);", 'return true;'],
  [MERGEABLE, "return !isForkChild(mm, source) || vmg.refuse('forkChild', mergeNext);", 'return true;'],
  [CAN, 'if (store.pgoff[below] + pages !== store.pgoff[above])', 'if (false)'],
  [
    CAN,
    'if (store.pgoff[below] + pages !== store.pgoff[above])',
    'if (store.pgoff[below] - pages !== store.pgoff[above])',
  ],
  [CAN, '(store.end[below] - store.start[below])', '(store.end[above] - store.start[above])'],
  [CAN, 'store.anonPgoff[below] + pages === store.anonPgoff[above]', 'true'],
  [CAN, 'mm.store.end[prev] !== mm.store.start[proposed]', 'false'],
  [CAN, 'mm.store.start[next] !== mm.store.end[proposed]', 'false'],
  [CAN, '!isMergeableVma(vmg, false) ||', ''],
  [CAN, '!isMergeableVma(vmg, true) ||', ''],
  [CAN, '|| !isMergeableAnonVma(vmg, false)', ''],
  [CAN, '|| !isMergeableAnonVma(vmg, true)', ''],
  [CAN, 'return a === 0 || b === 0 || a === b;', 'return true;'],
  [CAN, 'return !canMergeLeft ||', 'return canMergeLeft ||'],
  // What a merge leaves.
  [COMMIT, 'store.flagsLo[target] = store.flagsLo[target] | plan.stickyLo;', ''],
  [COMMIT, 'store.flagsLo[target] = store.flagsLo[target] | plan.stickyLo;', 'store.flagsLo[target] = plan.stickyLo;'],
  [COMMIT, '        takeAnonVma(vmg, plan.anonFrom, target);\n', ''],
  [COMMIT, '        takeAnonVma(vmg, plan.anonFromToo, target);\n', ''],
  [COMMIT, 'store.pgoff[plan.shrink] + pages,', 'store.pgoff[plan.shrink],'],
  [COMMIT, 'store.anonPgoff[plan.shrink] + pages)', 'store.anonPgoff[plan.shrink])'],
  [COMMIT, 'plan.pgoff, plan.anonPgoff);', 'store.pgoff[target], plan.anonPgoff);'],
  [EXISTING, 'const leftSide = start === middleStart;', 'const leftSide = true;'],
  [EXISTING, 'const rightSide = end === middleEnd;', 'const rightSide = true;'],
  [EXISTING, 'lo |= store.flagsLo[prev];', ''],
  [EXISTING, 'plan.end = end;', 'plan.end = middleEnd;'],
  [EXISTING, 'plan.anonFrom = store.anonVma[next] !== 0 ? next : middle;', 'plan.anonFrom = middle;'],
  [EXISTING, 'plan.anonFrom = store.anonVma[next] !== 0 ? next : middle;', 'plan.anonFrom = next;'],
  [EXISTING, 'plan.shrinkStart = end;', 'plan.shrinkStart = start;'],
  [EXISTING, 'plan.pgoff = store.pgoff[next] - pages;', 'plan.pgoff = store.pgoff[next];'],
  [EXISTING, 'plan.anonPgoff = store.anonPgoff[next] - pages;', 'plan.anonPgoff = store.anonPgoff[next];'],
  [EXISTING, 'plan.shrinkEnd = start;', 'plan.shrinkEnd = end;'],
  [EXISTING, 'plan.stickyLo = lo & mm.stickyLo;', 'plan.stickyLo = lo;'],
  [EXISTING, 'plan.stickyLo = lo & mm.stickyLo;', 'plan.stickyLo = 0;'],
  [EXISTING, 'plan.stickyHi = hi & mm.stickyHi;', 'plan.stickyHi = hi & 0;'],
  [EXISTING, 'if (!left && !right)', 'if (!left || !right)'],
  [NEW, 'if (left && right && !canMergeRemoveVma(mm, next))', 'if (left && right)'],
  [NEW, 'right = canVmaMergeRight(vmg, left && !vmg.nextFirst);', 'right = false;'],
  [NEW, 'store.end[right ? next : proposed], right)', 'store.end[proposed], false)'],
  [EXPAND, 'plan.pgoff = store.pgoff[target] - grownBy;', 'plan.pgoff = store.pgoff[target] + grownBy;'],
  [EXPAND, 'plan.anonPgoff = store.anonPgoff[target] - grownBy;', 'plan.anonPgoff = store.anonPgoff[target];'],
  [EXPAND, 'plan.anonFrom = removeNext ? vmg.next : NO_VMA;', 'plan.anonFrom = NO_VMA;'],
  [EXPAND, 'mm.profile.copiedRangeKeepsAnonVma ? vmg.copiedFrom : NO_VMA', 'NO_VMA'],
  [EXPAND, 'let lo = store.flagsLo[vmg.proposed] | store.flagsLo[target];', 'let lo = store.flagsLo[target];'],
  [EXPAND, 'lo |= store.flagsLo[vmg.next];', ''],
  [EXPAND, 'plan.stickyLo = lo & mm.stickyLo;', 'plan.stickyLo = 0;'],
  [COPIED, 'const faulted = store.anonVma[source] !== 0;', 'const faulted = false;'],
  [COPIED, 'const faulted = store.anonVma[source] !== 0;', 'const faulted = true;'],
  [COPIED, 'const offset = (from - sourceStart) / PAGE_SIZE;', 'const offset = 0;'],
  [COPIED, 'vmg.copiedFrom = source;', ''],
  [COPIED, 'if (!anonVmaClone(mm, made, source)) {', 'if (false) {'],
  [COPIED, 'source: swallowed ? merged : source', 'source'],
  // Splits, and callers that store flags.
  [SPLIT, 'const pageOffset = store.pgoff[vma] + pages;', 'const pageOffset = store.pgoff[vma];'],
  [SPLIT, 'const anonPageOffset = store.anonPgoff[vma] + pages;', 'const anonPageOffset = store.anonPgoff[vma];'],
  [
    SPLIT,
    'const made = store.dup(vma);',
    'const made = store.dup(vma);\n    store.anonVma[made] = 0;\n    store.anonVmaChain[made] = 0;',
  ],
  [
    SPLIT,
    'const made = store.dup(vma);',
    'const made = store.dup(vma);\n    store.flagsLo[made] = store.flagsLo[made] & ~mm.stickyLo;',
  ],
  [SPLIT, 'if (store.end[vma] > end) {', 'if (false) {'],
  [SPLIT, 'if (store.start[vma] < start) {', 'if (false) {'],
  [MODIFY, "if (vmg.state === 'success' && keepsMerged)", 'if (false)'],
  [MODIFY, "if (vmg.state === 'success' && keepsMerged)", 'if (true)'],
  [MPROTECT, '(store.flagsLo[vma] & ~LO_ACCESS) | (prot & access)', 'store.flagsLo[vma] | (prot & access)'],
  [MPROTECT, 'mm.pageOps.changeProtection(changed, start, end);', ''],
  // anon_vmas.
  [ANON, 'store.anonVma[src] === 0 || store.anonVma[dst] !== 0', 'store.anonVma[dst] !== 0'],
  [ANON, 'mm.store.anonVmaChain[vma] > 1', 'mm.store.anonVmaChain[vma] > 2'],
  [
    ANON,
    'childMm.store.anonVma[child] = childMm.anonVmaIds.next();',
    'childMm.store.anonVma[child] = parentMm.store.anonVma[parent];',
  ],
  [ANON, 'childMm.store.anonVmaChain[child] = chain + 1;', 'childMm.store.anonVmaChain[child] = chain;'],
  [
    ANON,
    'store.anonVma[vma] = from === NO_VMA ? mm.anonVmaIds.next() : store.anonVma[from];',
    'store.anonVma[vma] = mm.anonVmaIds.next();',
  ],
  [
    ANON,
    'if (store.anonVma[vma] !== 0)\n        return true;\n    if (mm.failAllocation',
    'if (true)\n        return true;\n    if (mm.failAllocation',
  ],
  // Fork.
  [NEEDS, 'dst.vmFlags & profile.needsCopyDst', '0n'],
  [NEEDS, "src.anonVma !== null ? 'anonVma' : 'refault'", "'refault'"],
  [NEEDS, "src.anonVma !== null ? 'anonVma' : 'refault'", "'anonVma'"],
  [DUP, 'if ((vmFlags & VM_DONTCOPY) !== 0n)', 'if (false)'],
  [DUP, 'if ((vmFlags & VM_WIPEONFORK) !== 0n)', 'if (false)'],
  [DUP, 'const childFlags = (vmFlags & ~dropped);', 'const childFlags = vmFlags;'],
  [COPY, 'return mkGuardMarker();', 'return PTE_NONE;'],
  [COPY, 'const srcKeep = options.cow ? ~PTE_WRITE : -1;', 'const srcKeep = -1;'],
  [COPY, 'copyWords(srcWords, i, runEnd, dstWords, i + shift);', ''],
  [TABLES, 'if (src.leaves.counts[leaf] === 0)', 'if (src.leaves.counts[leaf] <= 1)'],
  // Guards and zaps.
  [MADVISE, '| LO_MAYBE_GUARD;', ';'],
  [MADVISE, "guardPreparesAnonVma === 'all' || mm.isAnonymous(vma)", "guardPreparesAnonVma === 'all'"],
  [MADVISE, '(!allowLocked && (lo & LO_LOCKED) !== 0)', 'false'],
  [MADVISE, 'mm.pageOps.guardRemove(vma, start, end);', ''],
  [GUARD, 'zapPageRange(pt, start, end, { ...options, dropMarkers: false, freeEmptyPteTables: false });', ''],
  [GUARD, 'else if (!pteGuard(pte)) {', 'else if (false) {'],
  [GUARD, 'if (!pteGuard(words[i]))', 'if (pteGuard(words[i]))'],
  [ZAP, 'return pteMarker(pte) && !options.dropMarkers &&', 'return pteMarker(pte) &&'],
  [ZAP, 'return pteMarker(pte) && !options.dropMarkers &&', 'return !options.dropMarkers && false &&'],
  [ZAP, 'else {\n                words[i] = 0;', 'else {\n                words[i] = pte;'],
  // Moves.
  [MOVE, 'mm.pageOps.movePageTables(source, oldAddr, copied.vma, newAddr, oldLength);', ''],
  [MOVE, 'if (oldLength > 0)', 'if (false)'],
  // What is counted.
  [MOVE, 'countCopy(mm, source, newLength, dontUnmap);\n    mm.pageOps', 'mm.pageOps'],
  [MOVE, 'const counts = !dontUnmap || mm.profile.dontUnmapCountsLocked;', 'const counts = true;'],
  [MREMAP, 'mm.counters.add(lo, delta / PAGE_SIZE);', ''],
  [MPROTECT, 'mm.counters.change(oldLo, lo, (end - start) / PAGE_SIZE);', ''],
  [MLOCK, 'mm.counters.change(oldLo, newLo, (end - start) / PAGE_SIZE);', ''],
  [
    MLOCK,
    'mm.counters.change(oldLo, newLo, (end - start) / PAGE_SIZE);',
    'mm.counters.add(newLo, (end - start) / PAGE_SIZE);',
  ],
  [MUNMAP, 'mm.counters.add(store.flagsLo[first], (store.start[first] - store.end[first]) / PAGE_SIZE);', ''],
  [MUNMAP, 'mm.counters.add(store.flagsLo[vma], (start - end) / PAGE_SIZE);', ''],
  [FORK, 'childMm.addVma(dst);', 'childMm.linkVma(dst);'],
];
