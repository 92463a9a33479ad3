/** A userfaultfd: which events and features its opener asked for. Kernel: `struct userfaultfd_ctx`. */
export interface UffdContext {
  /** 1 or more; unique among all processes. */
  readonly id: number;
  /** UFFD_FEATURE_EVENT_FORK: a child keeps registrations, under a context of its own. */
  readonly eventFork: boolean;
  /** UFFD_FEATURE_EVENT_REMAP: a moved range stays registered. */
  readonly eventRemap: boolean;
  /** UFFD_FEATURE_WP_UNPOPULATED: write-protection puts markers into empty anonymous PTEs too. */
  readonly unpopulated: boolean;
  /** UFFD_FEATURE_WP_ASYNC: write faults are resolved by the kernel itself. */
  readonly async: boolean;
  /** UFFD_FEATURE_RWP (7.3). */
  readonly rwp: boolean;
}
