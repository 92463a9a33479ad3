// The errors that calls of this package throw, as those who call it need them for `instanceof`.
export { InputError } from 'proc-io';
export { OutOfMemoryError } from 'pt-model';
export { InvariantError, ProfileError } from 'vma-core';
