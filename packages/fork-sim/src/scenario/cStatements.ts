import { callText } from './callText.ts';
import type { Op, OpOf, UffdFeatures } from './scenario.ts';
import { BACKINGS } from './straceOps.ts';

/**
 * Statements of C that do what an operation says; `index` is its step. Operations that need more are left out, and say so.
 *
 * @param pidOf an expression for the pid of a process by its name; `null`: the program does not know it
 */
export function cStatement(op: Op, index: number, pidOf: (name: string) => string | null = () => null): string {
  switch (op.op) {
    case 'touch': {
      const { page, pages = 1, stride = 1, access } = op;
      const value = access === 'write' ? (index % 63) + 1 : 0;
      return `  touch("${callText(op)}", ${page}, ${pages}, ${stride}, ${value});`;
    }
    case 'fork':
      return forkStatement(op);
    case 'clear_refs':
      return `  show("clear_refs ${op.value}", clear_refs("${op.value}"));`;
    case 'fill_maps':
      return `  fill_maps(${op.slack});\n  show("fill_maps ${op.slack}", 0);`;
    case 'uffd_register': {
      const features = uffdFeatures(op);
      if (features === null || op.mode === 'rwp') return leftOut(op);
      const modes = op.mode.split('+').map((mode) => `UFFDIO_REGISTER_MODE_${mode.toUpperCase()}`);
      return show(`uffd_register(${features}, ${op.page}, ${op.pages}, ${modes.join(' | ')})`);
    }
    case 'uffd_unregister': {
      const features = uffdFeatures(op);
      return features === null ? leftOut(op) : show(`uffd_unregister(${features}, ${op.page}, ${op.pages})`);
    }
    case 'uffd_wp': {
      const features = uffdFeatures(op);
      return features === null ? leftOut(op) : show(`uffd_wp(${features}, ${op.page}, ${op.pages}, ${op.on ? 1 : 0})`);
    }
    case 'mmap':
      return op.backing === 'sysv'
        ? showMapped(`attach(${op.page ?? 0}, ${op.pages})`, op.pages)
        : showMapped(withFiles(callText(op)), op.pages);
    case 'process_madvise': {
      const ranges = op.ranges.map(([page, pages]) => `{ p + ${page} * PAGE, ${pages} * PAGE }`).join(', ');
      const pid = op.of === undefined ? 'getpid()' : pidOf(op.of);
      if (pid === null) return leftOut(op);
      const call = `advise_vector(${pid}, (struct iovec[]){ ${ranges} }, ${op.ranges.length}, MADV_${op.advice})`;
      return `  show_done("${callText(op)}", ${call});`;
    }
    case 'mremap':
      return showMapped(callText(op), op.newPages);
    case 'mseal':
      return show(callText(op).replace('mseal(', 'syscall(SYS_mseal, '));
    case 'munmap':
    case 'mprotect':
    case 'madvise':
    case 'mlock':
    case 'munlock':
    case 'mlock2':
    case 'setname':
      return show(callText(op));
    case 'truncate':
      return show(`ftruncate(${op.file}, ${op.size} * PAGE)`);
    case 'punch':
      return show(
        `fallocate(${op.file}, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, ${op.page} * PAGE, ${op.pages} * PAGE)`,
      );
    case 'seal':
      return show(`fcntl(${op.file}, F_ADD_SEALS, ${op.by === 'write' ? 'F_SEAL_WRITE' : 'F_SEAL_FUTURE_WRITE'})`);
    case 'uffd_copy': {
      const features = uffdFeatures(op);
      const value = (index % 63) + 1;
      if (features === null) return leftOut(op);
      return show(`uffd_copy(${features}, ${op.page}, ${op.pages}, ${op.wp ? 1 : 0}, ${value})`);
    }
    case 'uffd_zero': {
      const features = uffdFeatures(op);
      return features === null || op.wp ? leftOut(op) : show(`uffd_zero(${features}, ${op.page}, ${op.pages})`);
    }
    case 'uffd_close':
      return show(`uffd_close(${op.uffd ?? 0})`);
    case 'uffd_rwp':
    case 'set_brk':
    case 'brk':
    case 'rlimit_stack':
      return leftOut(op);
    default:
      return op satisfies never;
  }
}

function forkStatement(op: OpOf<'fork'>): string {
  if (op.continueIn === 'child') return `  go_on_in_child(${op.parentExits ? 1 : 0});`;
  return op.childLives ? '  keep_child();' : '  short_child();';
}

/**
 * Which userfaultfd, and what it is opened with, as in recordings: a fault that it would be told of is SIGBUS. `null`: the program cannot, since
 * nobody in it reads events.
 */
function uffdFeatures(op: UffdFeatures & { readonly uffd?: number }): string | null {
  if (op.eventFork || op.eventRemap || op.rwp) return null;
  const names = [op.unpopulated && 'WP_UNPOPULATED', op.async && 'WP_ASYNC'].filter((name) => typeof name === 'string');
  return `${op.uffd ?? 0}, ${['SIGBUS', 'PAGEFAULT_FLAG_WP', ...names].map((name) => `UFFD_FEATURE_${name}`).join(' | ')}`;
}

function show(call: string): string {
  return `  show("${call.replaceAll(/["\\]/g, '\\$&')}", (long)${call});`;
}

function showMapped(call: string, pages: number): string {
  return `  show_mapped("${call}", ${call}, ${pages});`;
}

function leftOut(op: Op): string {
  return `  left_out("${op.op}"); // ${op.op}: not written by this export`;
}

/** Descriptors from 3 on of the playground by the names that the program gives its files. */
function withFiles(call: string): string {
  return call.replace(/, ([3-7]), /, (_, fd: string) => `, ${BACKINGS[Number(fd) - 3]}, `);
}
