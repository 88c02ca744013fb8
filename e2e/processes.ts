import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** The processes that a process started: of a host, its engine. */
export function childrenOf(pid: number): number[] {
  const listed =
    process.platform === 'linux'
      ? readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      : process.platform === 'win32'
        ? execFileSync(
            'powershell',
            ['-NoProfile', '-Command', `(Get-CimInstance Win32_Process -Filter 'ParentProcessId=${pid}').ProcessId`],
            {
              encoding: 'utf8',
            },
          )
        : execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' })
  return listed.split(/\s+/).filter(Boolean).map(Number)
}
