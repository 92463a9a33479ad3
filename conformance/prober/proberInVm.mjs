// The prober in a virtual machine: what another kernel than the running one says.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { ProberError } from './kernelProber.mjs';

const INIT = fileURLToPath(new URL('./vm/init.sh', import.meta.url));
const BUSYBOX = '/bin/busybox';
/** Everything at its place on each boot; the crypto self-tests fail on some emulated processors, and take the machine with them. */
const BOOT = 'console=ttyS0 panic=1 oops=panic nokaslr cryptomgr.notests';
/** A machine that says nothing for so long is given up. Without hardware support a thousand scenarios take minutes. */
const LIMIT_MS = 3_600_000;
/** Machines that are tried: a kernel that patches its own code sometimes trips over the emulation, mostly while it boots. */
const MACHINES = 10;
/** Scenarios for one machine, which are what is lost when it trips. */
const CHUNK = 150;

/**
 * A prober that runs in a fresh virtual machine each time it is asked. Takes the place of a program in `probeHeader` and `runOnKernel`.
 *
 * The processor is emulated, so that it works everywhere and gives the same everywhere; the kernel needs a serial console, an
 * initial RAM disk, devtmpfs and tmpfs built in, as distributions' kernels for cloud machines have.
 *
 * @param {string} program from `compileProber`
 * @param {string} image a bzImage, such as /boot/vmlinuz-6.12.107
 * @throws {ProberError} where the image, qemu-system-x86_64, cpio or a static busybox is missing
 */
export function proberInVm(program, image) {
  if (!existsSync(image)) throw new ProberError(`no kernel image ${image}`);
  if (!existsSync(BUSYBOX)) throw new ProberError(`the virtual machine needs a static ${BUSYBOX}`);
  return { chunk: CHUNK, run: (input) => runInVm(program, image, input) };
}

function runInVm(program, image, input) {
  const folder = mkdtempSync(join(tmpdir(), 'vma-vm-'));
  try {
    const disk = makeDisk(folder, program, input);
    const [console, out] = [join(folder, 'console'), join(folder, 'out')];
    const args = ['-accel', 'tcg', '-cpu', 'Nehalem', '-m', '3G', '-smp', '1', '-display', 'none', '-no-reboot'];
    args.push(
      '-kernel',
      image,
      '-initrd',
      disk,
      '-append',
      BOOT,
      '-serial',
      `file:${console}`,
      '-serial',
      `file:${out}`,
    );
    for (let machine = 1; ; machine++) {
      execute('qemu-system-x86_64', args, { stdio: 'ignore', timeout: LIMIT_MS });
      if (machine === MACHINES || statSync(out).size > 0) return readAnswer(out, console);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The initial RAM disk, which is all that the machine has. */
function makeDisk(folder, program, input) {
  const root = join(folder, 'root');
  mkdirSync(join(root, 'bin'), { recursive: true });
  copyFileSync(BUSYBOX, join(root, 'bin', 'busybox'));
  copyFileSync(program, join(root, 'prober'));
  copyFileSync(INIT, join(root, 'init'));
  for (const name of ['bin/busybox', 'prober', 'init']) chmodSync(join(root, name), 0o755);
  writeFileSync(join(root, 'input'), input);
  const names = 'bin\nbin/busybox\nprober\ninit\ninput\n';
  const disk = join(folder, 'disk');
  writeFileSync(
    disk,
    execute('cpio', ['-o', '-H', 'newc', '--quiet'], { cwd: root, input: names, maxBuffer: 1 << 29 }),
  );
  return disk;
}

/** What came through the serial port: the prober's exit status, its errors in one line, its answers. */
function readAnswer(out, console) {
  let text;
  try {
    text = gunzipSync(readFileSync(out)).toString('utf8');
  } catch {
    const last = readFileSync(console, 'utf8').trimEnd().split('\n').slice(-5).join('\n');
    throw new ProberError(`the virtual machine gave no answer; it said last:\n${last}`);
  }
  const [status = '', stderr = ''] = text.split('\n', 2);
  const stdout = text.slice(status.length + stderr.length + 2);
  return { status: Number(status), signal: null, stdout, stderr: stderr.trim() };
}

function execute(command, args, options) {
  try {
    return execFileSync(command, args, options);
  } catch (error) {
    if (error.code === 'ENOENT') throw new ProberError(`the virtual machine needs ${command}`);
    throw new ProberError(`${command}: ${String(error.stderr || error.message).trim()}`);
  }
}
