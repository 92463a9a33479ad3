import { callText } from './callText.ts';
import type { Op, OpOf } from './scenario.ts';

/** Statements of C that do what an operation says; `index` is its step. Operations that need more are left out, and say so. */
export function cStatement(op: Op, index: number): string {
  switch (op.op) {
    case 'touch': {
      const value = op.access === 'write' ? (index % 63) + 1 : 0;
      return `  touch("${callText(op)}", ${op.page}, ${op.pages ?? 1}, ${value});`;
    }
    case 'fork':
      return forkStatement(op);
    case 'clear_refs':
      return `  show("clear_refs ${op.value}", clear_refs("${op.value}"));`;
    case 'fill_maps':
      return `  fill_maps(${op.slack});\n  show("fill_maps ${op.slack}", 0);`;
    case 'uffd_register': {
      if (op.eventFork || op.eventRemap || op.mode === 'rwp') return leftOut(op);
      const modes = op.mode.split('+').map((mode) => `UFFDIO_REGISTER_MODE_${mode.toUpperCase()}`);
      return show(`uffd_register(${op.page}, ${op.pages}, ${modes.join(' | ')})`);
    }
    case 'uffd_unregister':
      return show(`uffd_unregister(${op.page}, ${op.pages})`);
    case 'uffd_wp':
      return show(`uffd_wp(${op.page}, ${op.pages}, ${op.on ? 1 : 0})`);
    case 'mmap':
      return op.backing === 'sysv'
        ? show(`attach(${op.page ?? 0}, ${op.pages}, ${op.prot.includes('w') ? '0' : 'SHM_RDONLY'})`)
        : show(withFiles(callText(op)));
    case 'mseal':
      return show(callText(op).replace('mseal(', 'syscall(SYS_mseal, '));
    case 'munmap':
    case 'mprotect':
    case 'madvise':
    case 'mremap':
    case 'mlock':
    case 'munlock':
    case 'mlock2':
    case 'setname':
      return show(callText(op));
    case 'uffd_rwp':
    case 'uffd_copy':
    case 'uffd_zero':
    case 'uffd_close':
    case 'set_brk':
    case 'brk':
    case 'rlimit_stack':
      return leftOut(op);
    default:
      return op satisfies never;
  }
}

function forkStatement(op: OpOf<'fork'>): string {
  if (op.continueIn !== 'child') return op.childLives ? '  keep_child();' : '  short_child();';
  const parent = op.parentExits
    ? '    if (pid != 0) _exit(0);'
    : '    if (pid != 0) { int status; waitpid(pid, &status, 0); return WEXITSTATUS(status); }';
  return `  {\n    fflush(stdout);\n    pid_t pid = fork();\n${parent}\n    living = 0;\n    show("fork(), in the child", 0);\n  }`;
}

function show(call: string): string {
  return `  show("${call.replaceAll('"', '\\"')}", (long)${call});`;
}

function leftOut(op: Op): string {
  return `  // ${op.op}: not written by this export`;
}

/** Descriptors 3, 4 and 5 of the playground by the names that the program gives its files. */
function withFiles(call: string): string {
  return call.replace(/, ([345]), /, (_, fd: string) => `, ${['file0', 'file1', 'file0b'][Number(fd) - 3]}, `);
}
