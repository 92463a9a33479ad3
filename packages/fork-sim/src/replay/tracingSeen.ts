import type { StraceCall } from 'proc-io';

/** Mappings without any call that changes or unmaps memory: more are no chance. */
const MANY_MAPPINGS = 8;

const CLONE_THREAD = 0x1_0000;

/** What a log shows of how it was recorded: which calls were traced, and whether threads were followed. */
export class TracingSeen {
  /** Line of the first call that starts a thread, in a log without pids; 0: none. */
  #thread = 0;
  #hasPid = false;
  /** Line of the first program whose `execve` the log does not have; 0: none is known. */
  execHidden = 0;
  #mappings = 0;
  /** A call that changes, moves or unmaps memory was seen. */
  #hasOther = false;

  see(call: StraceCall): void {
    switch (call.name) {
      case 'mmap':
      case 'mmap2':
      case 'old_mmap':
        this.#mappings++;
        break;
      case 'munmap':
      case 'mprotect':
      case 'mremap':
      case 'brk':
        this.#hasOther = true;
        break;
      case 'clone':
      case 'clone3':
        if ((call.args.flags & CLONE_THREAD) !== 0 && call.errno === null && this.#thread === 0)
          this.#thread = call.line;
        break;
      default:
        break;
    }
    if (call.pid !== null) this.#hasPid = true;
  }

  /** Line of the first thread that was started and not followed: no line of the log has a pid. 0: every one was, as far as it shows. */
  get threadNotFollowed(): number {
    return this.#hasPid ? 0 : this.#thread;
  }

  /** Mappings, where the log has no other call that changes what is mapped; 0: it has some, or too few to tell. */
  get mappingsAlone(): number {
    return this.#hasOther || this.#mappings < MANY_MAPPINGS ? 0 : this.#mappings;
  }
}
