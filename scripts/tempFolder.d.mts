export function tempFolder(name: string): string;
export function removeTempFolders(): void;
