/** What POSIX adds to C, as far as a program that is alone can have it; the values are those of gcc's binary. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Compiler } from '../../../engine/toolchain/compile.ts';
import { compileAndRun, workspace } from '../c.ts';

const compiler = new Compiler();
const files = workspace();
after(() => {
  compiler.dispose();
  files.remove();
});

const SIGNALS = `#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
static sigjmp_buf back;
static void handle(int number) { printf("%d ", number == SIGUSR1); }
static void inform(int number, siginfo_t *info, void *context) {
  (void)context;
  printf("%d %d ", info->si_signo == number, info->si_pid == getpid());
  siglongjmp(back, 3);
}
int main(void) {
  struct sigaction action = {.sa_handler = handle, .sa_flags = SA_RESTART}, before;
  sigemptyset(&action.sa_mask);
  sigaddset(&action.sa_mask, SIGINT);
  printf("%d%d ", sigismember(&action.sa_mask, SIGINT), sigismember(&action.sa_mask, SIGTERM));
  sigaction(SIGUSR1, &action, NULL);
  raise(SIGUSR1);
  kill(getpid(), SIGUSR1);
  sigaction(SIGUSR1, NULL, &before);
  printf("%d ", before.sa_handler == handle);
  action.sa_sigaction = inform;
  action.sa_flags = SA_SIGINFO | SA_RESETHAND;
  sigaction(SIGUSR2, &action, &before);
  printf("%d\\n", before.sa_handler == SIG_DFL);
  int code = sigsetjmp(back, 1);
  if (code == 0) raise(SIGUSR2);
  printf("%d\\n", code);
  sigaction(SIGUSR2, NULL, &before);
  int refused = sigaction(SIGKILL, &action, NULL);
  printf("%d %d %d\\n", before.sa_handler == SIG_DFL, refused, errno == EINVAL);
  return 0;
}
`;

const TEMPORARY = `#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
int main(void) {
  char text[32] = "", name[] = "work-XXXXXX", other[] = "work-XXXXXX", folder[] = "folder-XXXXXX", bad[] = "none";
  FILE *file = tmpfile();
  fputs("kept for a while", file);
  rewind(file);
  fgets(text, sizeof text, file);
  puts(text);
  fclose(file);
  int one = mkstemp(name), two = mkstemp(other);
  printf("%d %d %zd\\n", one != two, strcmp(name, other) != 0, write(one, "x", 1));
  printf("%d %d\\n", mkdtemp(folder) == folder, access(folder, F_OK));
  int refused = mkstemp(bad);
  printf("%d %d %d\\n", refused, errno == EINVAL, access(tmpnam(NULL), F_OK));
  printf("%'d\\n", 1234567);
  warnx("%d of %d", 1, 2);
  errno = ENOENT;
  err(3, "last");
}
`;

const MASKED = `#include <signal.h>
#include <stdio.h>
static volatile sig_atomic_t got;
static void handle(int number) { got = number; }
int main(void) {
  sigset_t mask, before, waiting;
  sigemptyset(&mask);
  sigaddset(&mask, SIGUSR2);
  signal(SIGUSR2, handle);
  sigprocmask(SIG_BLOCK, &mask, &before);
  raise(SIGUSR2);
  sigpending(&waiting);
  printf("%d %d\\n", got, sigismember(&waiting, SIGUSR2));
  sigprocmask(SIG_SETMASK, &before, NULL);
  printf("%d\\n", got == SIGUSR2);
  return 0;
}
`;

const IN_TMP = `#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
static int entries(const char *path) {
  int count = 0;
  DIR *folder = opendir(path);
  for (struct dirent *entry; (entry = readdir(folder));) count += entry->d_name[0] != '.';
  closedir(folder);
  return count;
}
int main(void) {
  char name[] = "/tmp/XXXXXX";
  int fd = mkstemp(name);
  struct stat status;
  printf("%d %d\\n", fd >= 0, stat("/tmp", &status) == 0 && S_ISDIR(status.st_mode));
  printf("%d %d\\n", entries("."), entries("/tmp"));
  FILE *file = fopen("kept.txt", "w");
  fclose(file);
  stat("kept.txt", &status);
  printf("%o %d\\n", (unsigned)status.st_mode & 0777, (int)status.st_nlink);
  printf("%d %d\\n", mkdir("tmp", 0755), entries("."));
  int again = mkdir("tmp", 0755);
  printf("%d %d\\n", again, errno == EEXIST);
  return 0;
}
`;

const ZONES = `#include <stdio.h>
#include <stdlib.h>
#include <time.h>
int main(void) {
  setenv("TZ", "UTC", 1);
  tzset();
  time_t when = 1700000000;
  char text[40];
  strftime(text, sizeof text, "%H:%M %Z", gmtime(&when));
  puts(text);
  strftime(text, sizeof text, "%H:%M %Z", localtime(&when));
  printf("%s %s %ld\\n", text, tzname[0], timezone);
  return 0;
}
`;

for (const optimize of ['O0', 'O2'] as const) {
  test(`signals that are blocked come when they no longer are, at ${optimize}`, async () => {
    assert.equal((await compileAndRun(compiler, files.write('masked.c', MASKED), optimize)).output, '0 1\n1\n');
  });

  test(`there is a folder for temporary files, in no list, at ${optimize}`, async () => {
    const { output } = await compileAndRun(compiler, files.write('in-tmp.c', IN_TMP), optimize);
    assert.deepEqual(output.split('\n'), ['1 1', '0 1', '644 1', '0 2', '-1 1', '']);
  });

  test(`the zone is UTC, at ${optimize}`, async () => {
    const { output } = await compileAndRun(compiler, files.write('zones.c', ZONES), optimize);
    assert.equal(output, '22:13 GMT\n22:13 UTC UTC 0\n');
  });

  test(`signals and jumps by the names of POSIX, at ${optimize}`, async () => {
    const { output, exit } = await compileAndRun(compiler, files.write('signals.c', SIGNALS), optimize);
    assert.deepEqual(output.split('\n'), ['10 1 1 1 1', '1 1 3', '1 -1 1', '']);
    assert.deepEqual(exit, { kind: 'halt', code: 0 });
  });

  test(`temporary files, and messages on the way out, at ${optimize}`, async () => {
    const { output, errors, exit } = await compileAndRun(compiler, files.write('temporary.c', TEMPORARY), optimize);
    assert.deepEqual(output.split('\n'), ['kept for a while', '1 1 1', '1 0', '-1 1 -1', '1234567', '']);
    assert.match(errors, /^.*: 1 of 2\n.*: last: No such file or directory\n$/);
    assert.deepEqual(exit, { kind: 'halt', code: 3 });
  });
}

test('a program that asks for a shell is told that there is none', async () => {
  const source = files.write(
    'shell.c',
    '#include <stdio.h>\n#include <stdlib.h>\nint main(void) { int none = system(NULL); printf("%d %d\\n", none, system("ls")); return 0; }\n',
  );
  const { output, errors } = await compileAndRun(compiler, source);
  // Where a shell does not find a command, glibc's gives the same.
  assert.deepEqual([output, errors], ['0 32512\n', 'system: there is no shell here to run: ls\n']);
});

test('the headers of C++ are complete with them', async () => {
  const source = files.write(
    'all.cpp',
    '#include <csetjmp>\n#include <csignal>\n#include <cstdio>\n#include <cstdlib>\nint main() {\n  struct sigaction action = {};\n' +
      '  std::jmp_buf place;\n  std::FILE *file = std::tmpfile();\n  if (!setjmp(place)) std::printf("%d", file && sigaction(SIGINT, &action, nullptr) == 0);\n  return 0;\n}\n',
  );
  assert.equal((await compileAndRun(compiler, source)).output, '1');
});
