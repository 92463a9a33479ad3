// The prober in a virtual machine: what another kernel than the running one says.
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { inTempFolder } from '../cli/tempFolder.ts';
import { ownFile } from './bundled.ts';
import type { CompiledProber } from './kernelProber.ts';
import { type Prober, ProberError, type ProberRun } from './prober.ts';

const BUSYBOX = '/bin/busybox';
/** Everything at its place on each boot; the crypto self-tests fail on some emulated processors, and take the machine with them. */
const BOOT = 'console=ttyS0 panic=1 oops=panic nokaslr cryptomgr.notests';
/** A machine that says nothing for so long is given up. Without hardware support a thousand scenarios take minutes. */
const LIMIT_MS = 3_600_000;
/** Machines that are tried: a kernel that patches its own code sometimes trips over the emulation, mostly while it boots. */
const MACHINES = 10;
const CHUNK = 150;

/**
 * A prober that runs in a fresh virtual machine each time it is asked.
 *
 * The processor is emulated, so that it works everywhere and gives the same everywhere; the kernel needs a serial console, an
 * initial RAM disk, devtmpfs and tmpfs built in, as distributions' kernels for cloud machines have.
 *
 * @param image a bzImage, such as /boot/vmlinuz-6.12.107
 * @throws ProberError where the image, qemu-system-x86_64, cpio or a static busybox is missing
 */
export function proberInVm({ program }: CompiledProber, image: string): Prober {
  if (!existsSync(image)) throw new ProberError(`no kernel image ${image}`);
  if (!existsSync(BUSYBOX))
    throw new ProberError(`the virtual machine needs a static ${BUSYBOX} (package busybox-static)`);
  return { chunk: CHUNK, run: (input) => runInVm(program, image, input) };
}

function runInVm(program: string, image: string, input: string): Promise<ProberRun> {
  return inTempFolder('vma-vm-', async (folder) => {
    const disk = await makeDisk(folder, program, input);
    const [console, out] = [join(folder, 'console'), join(folder, 'out')];
    const machine = ['-accel', 'tcg', '-cpu', 'Nehalem', '-m', '3G', '-smp', '1', '-display', 'none', '-no-reboot'];
    const boot = ['-kernel', image, '-initrd', disk, '-append', BOOT];
    const args = [...machine, ...boot, '-serial', `file:${console}`, '-serial', `file:${out}`];
    for (let tried = 1; ; tried++) {
      await execute('qemu-system-x86_64', args, { timeout: LIMIT_MS });
      if (tried === MACHINES || (await stat(out)).size > 0) return await readAnswer(out, console);
    }
  });
}

/** The initial RAM disk, which is all that the machine has. */
async function makeDisk(folder: string, program: string, input: string): Promise<string> {
  const root = join(folder, 'root');
  await mkdir(join(root, 'bin'), { recursive: true });
  await copyFile(BUSYBOX, join(root, 'bin', 'busybox'));
  await copyFile(program, join(root, 'prober'));
  await copyFile(ownFile('prober/init.sh'), join(root, 'init'));
  for (const name of ['bin/busybox', 'prober', 'init']) await chmod(join(root, name), 0o755);
  await writeFile(join(root, 'input'), input);
  const disk = join(folder, 'disk');
  await writeFile(disk, await archive(root, 'bin\nbin/busybox\nprober\ninit\ninput\n'));
  return disk;
}

/** A cpio archive of the files named, a line each. */
function archive(root: string, names: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn('cpio', ['-o', '-H', 'newc', '--quiet'], { cwd: root, stdio: ['pipe', 'pipe', 'ignore'] });
    const out: Buffer[] = [];
    child.stdout.on('data', (bytes: Buffer) => out.push(bytes));
    child.on('error', () => reject(new ProberError('the virtual machine needs cpio')));
    child.on('close', (status) => {
      if (status === 0) resolve(Buffer.concat(out));
      else reject(new ProberError(`cpio ended with ${status}`));
    });
    child.stdin.end(names);
  });
}

/** What came through the serial port: the prober's exit status, its errors in one line, its answers. */
async function readAnswer(out: string, console: string): Promise<ProberRun> {
  let text: string;
  try {
    text = gunzipSync(await readFile(out)).toString('utf8');
  } catch {
    const last = (await readFile(console, 'utf8')).trimEnd().split('\n').slice(-5).join('\n');
    throw new ProberError(`the virtual machine gave no answer; it said last:\n${last}`);
  }
  const [status = '', stderr = ''] = text.split('\n', 2);
  const stdout = text.slice(status.length + stderr.length + 2);
  return { status: Number(status), stdout, stderr: stderr.trim() };
}

async function execute(command: string, args: readonly string[], options: { readonly timeout: number }): Promise<void> {
  try {
    await promisify(execFile)(command, [...args], options);
  } catch (error) {
    const { code, stderr = '', message } = error as Error & { code?: unknown; stderr?: string };
    if (code === 'ENOENT') throw new ProberError(`the virtual machine needs ${command}`);
    throw new ProberError(`${command}: ${(stderr || message).trim()}`);
  }
}
