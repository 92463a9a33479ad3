import type { Option } from 'commander';
import { EARLIER_PROFILES, KERNEL_PROFILES } from 'vma-core';
import type { CommandRow } from './commandRow.ts';

/** A command as a shell completes it. */
type Row = Pick<CommandRow, 'name' | 'summary' | 'options'>;

/** A shell that completions are made for. */
export type Shell = 'bash' | 'zsh' | 'fish';

/** Options that every command has. */
const COMMON: readonly (readonly [flag: string, about: string])[] = [
  ['--json', 'machine-readable output'],
  ['--ascii', 'plain ASCII drawings'],
  ['--help', 'what the command does, with an example'],
];

/** An option as a shell completes it. */
interface Completed {
  /** `--kernel`. */
  readonly flag: string;
  readonly about: string;
  /** It takes a value. */
  readonly takes: boolean;
  /** The values that it takes; empty: they are files or numbers. */
  readonly values: readonly string[];
}

const PROFILES = [...EARLIER_PROFILES, ...KERNEL_PROFILES].map(({ name }) => name);

/** A script that completes the commands and their options in a shell; files are completed by the shell itself. */
export function completionScript(shell: Shell, rows: readonly Row[]): string {
  return SCRIPTS[shell](rows);
}

const SCRIPTS: { readonly [shell in Shell]: (rows: readonly Row[]) => string } = { bash, zsh, fish };

function optionsOf({ options }: Row): Completed[] {
  const own = options.flatMap((option): Completed[] => {
    if (option.hidden || option.long === undefined || option.long === null) return [];
    return [
      {
        flag: option.long,
        about: option.description,
        takes: option.required || option.optional,
        values: valuesOf(option),
      },
    ];
  });
  return [...own, ...COMMON.map(([flag, about]) => ({ flag, about, takes: false, values: [] }))];
}

function valuesOf({ long, argChoices }: Option): readonly string[] {
  return argChoices ?? (long === '--kernel' ? PROFILES : []);
}

function bash(rows: readonly Row[]): string {
  const names = rows.map(({ name }) => name);
  const words = rows.map((row) => `    ${row.name}) words='${flagsOf(row)}' ;;`);
  return `# Completes vma-lab in bash: source <(vma-lab completion bash)
_vma_lab() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command= word words
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in ${names.join('|')}) command=$word; break ;; esac
  done
  case "$command $prev" in
${valueCases(rows)}
  esac
  case $command in
${words.join('\n')}
    *) words='${names.join(' ')} --help --version' ;;
  esac
  if [[ $cur == -* || -z $command ]]; then COMPREPLY=($(compgen -W "$words" -- "$cur")); fi
}
complete -o default -F _vma_lab vma-lab
`;
}

/** For each option that takes a value: the values, or nothing, so that the shell offers files. */
function valueCases(rows: readonly Row[]): string {
  const lines = rows.flatMap((row) =>
    optionsOf(row)
      .filter(({ takes }) => takes)
      .map(({ flag, values }) => {
        const reply = values.length === 0 ? '' : `COMPREPLY=($(compgen -W '${values.join(' ')}' -- "$cur")); `;
        return `    '${row.name} ${flag}') ${reply}return ;;`;
      }),
  );
  return lines.join('\n');
}

function flagsOf(row: Row): string {
  return optionsOf(row)
    .map(({ flag }) => flag)
    .join(' ');
}

function zsh(rows: readonly Row[]): string {
  const commands = rows.map(({ name, summary }) => `    ${quoted(`${name}:${summary.replaceAll(':', ' -')}`)}`);
  const cases = rows.map((row) => {
    const options = optionsOf(row).map(({ flag, about, takes, values }) => {
      const help = about.replaceAll(/[[\]:]/g, ' ');
      const value = !takes ? '' : values.length === 0 ? ':value:_files' : `:value:(${values.join(' ')})`;
      return `      ${quoted(`${flag}[${help}]${value}`)}`;
    });
    return `    ${row.name}) _arguments \\\n${options.join(' \\\n')} \\\n      '*:file:_files' ;;`;
  });
  return `#compdef vma-lab
# Completes vma-lab in zsh: source <(vma-lab completion zsh)
_vma_lab() {
  local -a commands
  commands=(
${commands.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    _files
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join('\n')}
    *) _files ;;
  esac
}
compdef _vma_lab vma-lab
`;
}

function fish(rows: readonly Row[]): string {
  const names = rows.map(({ name }) => name).join(' ');
  const lines = rows.flatMap((row) => [
    `complete -c vma-lab -n 'not __fish_seen_subcommand_from ${names}' -a ${row.name} -d ${quoted(row.summary)}`,
    ...optionsOf(row).map(({ flag, about, takes, values }) => {
      const value = !takes ? '' : values.length === 0 ? ' -r' : ` -x -a ${quoted(values.join(' '))}`;
      const seen = `-n '__fish_seen_subcommand_from ${row.name}'`;
      return `complete -c vma-lab ${seen} -l ${flag.slice(2)}${value} -d ${quoted(about)}`;
    }),
  ]);
  return `# Completes vma-lab in fish: vma-lab completion fish | source\n${lines.join('\n')}\n`;
}

/** In single quotes, for any shell; a quote in it becomes a typographic one. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", '\u2019')}'`;
}
