/** What a kernel refuses, by the name of its errno. */
export type Errno =
  | 'EPERM'
  | 'ENOENT'
  | 'EAGAIN'
  | 'ENOMEM'
  | 'EACCES'
  | 'EFAULT'
  | 'EBUSY'
  | 'EEXIST'
  | 'EINVAL'
  | 'EBADF'
  | 'EOVERFLOW'
  | 'EOPNOTSUPP'
  | 'ENOSYS';

/** The result of a system call that returns nothing: 0, or why it was refused. */
export type SyscallResult = 0 | Errno;

/** True where a system call's result is an errno name. */
export function isErrno<T>(result: T | Errno): result is Errno {
  return typeof result === 'string';
}
