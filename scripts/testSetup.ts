import { afterAll } from 'vitest';
import { removeTempFolders } from './tempFolder.mjs';

// Once for each file of tests, after all of its own `afterAll`.
afterAll(removeTempFolders);
