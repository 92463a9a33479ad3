/** Everything went as asked, and all that was compared is equal. */
export const EXIT_OK = 0;
/** Something that was compared differs. */
export const EXIT_DIFFERENT = 1;
/** Bad input, or a command line that cannot be. */
export const EXIT_BAD_INPUT = 2;
