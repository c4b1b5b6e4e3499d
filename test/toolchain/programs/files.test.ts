/** The file system that a C program has in memory: what is given to it, and what it writes itself. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Compiler } from '../../../engine/toolchain/compile.ts';
import { type ProgramFile, readGivenFiles } from '../../../engine/toolchain/given-files.ts';
import { runNative } from '../../../engine/toolchain/native/native.ts';
import { PATIENCE } from '../../patience.ts';
import { text, workspace } from '../c.ts';

const compiler = new Compiler();
const files = workspace();
after(() => {
  compiler.dispose();
  files.remove();
});

async function run(source: string, { given = [], input = '' }: { given?: ProgramFile[]; input?: string } = {}) {
  const path = files.write('program.c', source);
  const outputs: string[] = [];
  for (const optimize of ['O0', 'O2'] as const) {
    const { wasm } = await compiler.compile([path], { optimize, givenFiles: given });
    const { output, errors, exit } = await runNative(wasm, Buffer.from(input), { milliseconds: PATIENCE });
    assert.deepEqual(exit, { kind: 'halt', code: 0 }, text(errors));
    outputs.push(text(output));
  }
  assert.equal(outputs[0], outputs[1]);
  return outputs[0];
}

test('files are written, read, sought in, appended to, renamed and removed', async () => {
  const output = await run(`#include <stdio.h>
#include <string.h>
int main(void) {
  FILE *file = fopen("notes.txt", "w+");
  for (int i = 0; i < 1000; i++) fprintf(file, "line %d\\n", i);
  printf("%ld\\n", ftell(file));
  rewind(file);
  char line[40];
  int lines = 0;
  while (fgets(line, sizeof line, file)) lines++;
  printf("%d %d %s", lines, feof(file) != 0, line);
  fseek(file, 5, SEEK_SET);
  int number;
  printf("%d ", fscanf(file, "%d line", &number));
  printf("%d %ld\\n", number, ftell(file));
  fclose(file);
  file = fopen("notes.txt", "a");
  fputs("more", file);
  fclose(file);
  rename("notes.txt", "other.txt");
  printf("%d\\n", fopen("notes.txt", "r") == NULL);
  file = fopen("other.txt", "rb");
  fseek(file, -4, SEEK_END);
  printf("%zu %s\\n", fread(line, 1, 40, file), strcmp(memcpy(line + 4, "", 1), "") ? "" : line);
  fclose(file);
  printf("%d %d\\n", remove("other.txt"), remove("other.txt"));
  return 0;
}
`);
  assert.equal(output, '8890\n1000 1 line 999\n1 0 11\n1\n4 more\n0 -1\n');
});

test('folders are made and listed, and what is missing or in the way has its error', async () => {
  const output = await run(`#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
int main(void) {
  mkdir("a", 0777), mkdir("a/b", 0777);
  fclose(fopen("a/b/c.txt", "w")), fclose(fopen("a/one.txt", "w"));
  DIR *folder = opendir("a");
  int files = 0, folders = 0;
  for (struct dirent *entry; (entry = readdir(folder));) entry->d_type == DT_DIR ? folders++ : files++;
  printf("%d %d\\n", files, folders);
  struct stat status;
  printf("%d %d\\n", stat("a/b", &status), S_ISDIR(status.st_mode) != 0);
  printf("%d", fopen("missing/c.txt", "w") == NULL), printf(" %d\\n", errno == ENOENT);
  printf("%d", fopen("a", "w") == NULL), printf(" %d\\n", errno == EISDIR);
  printf("%d", rmdir("a")), printf(" %d\\n", errno == ENOTEMPTY);
  printf("%d", fopen("/etc/passwd", "r") == NULL), printf(" %d\\n", errno == ENOENT);
  printf("%d %d\\n", unlink("a/b/c.txt"), rmdir("a/b"));
  return 0;
}
`);
  assert.equal(output, '1 3\n0 1\n1 1\n1 1\n-1 1\n1 1\n0 0\n');
});

test('a program finds what is given to it, and can change it', async () => {
  files.write('host.bin', Uint8Array.of(0, 255, 10, 7));
  const given = await readGivenFiles(['data/in.bin=host.bin'], files.directory);
  const output = await run(
    `#include <stdio.h>
int main(void) {
  FILE *file = fopen("./data/../data/in.bin", "r+b");
  for (int c; (c = getc(file)) != EOF;) printf("%d ", c);
  fputc(65, file), fseek(file, 1, SEEK_SET), fputc(66, file), rewind(file);
  for (int c; (c = getc(file)) != EOF;) printf("%d ", c);
  return 0;
}
`,
    { given },
  );
  assert.equal(output, '0 255 10 7 0 66 10 7 65 ');
});

test('the standard streams can be led to files, and come in order beside them', async () => {
  const output = await run(
    `#include <stdio.h>
int main(void) {
  FILE *file = fopen("in.txt", "w");
  fputs("11 22", file), fclose(file);
  int a, b;
  scanf("%d", &a);
  printf("one "), fprintf(stdout, "two "), puts("three"), fflush(stdout);
  freopen("in.txt", "r", stdin);
  scanf("%d", &b);
  printf("%d %d\\n", a, b);
  return 0;
}
`,
    { input: '5 6' },
  );
  assert.equal(output, 'one two three\n5 11\n');
});

test('what cannot be given is refused', async () => {
  await assert.rejects(
    readGivenFiles(['../x'], files.directory),
    /"\.\.\/x" is no path of a file in the program's folder/,
  );
  await assert.rejects(readGivenFiles(['nothing.txt'], files.directory), /cannot be read: ENOENT/);
});

test('the standard output is redirected to a file and back, and duplicates share a position', async () => {
  const output = await run(`#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
int main(void) {
  printf("before\\n");
  fflush(stdout);
  int kept = dup(1), file = open("log.txt", O_CREAT | O_RDWR, 0644);
  dup2(file, 1);
  printf("logged %d\\n", 1);
  fflush(stdout);
  dup2(kept, 1);
  close(kept);
  int other = dup(file);
  write(other, "two", 3);
  write(file, "+3", 2);
  close(other);
  char text[40];
  lseek(file, 0, SEEK_SET);
  text[read(file, text, 39)] = 0;
  printf("%s\\n", text);
  int none = dup(50);
  printf("%d %d\\n", none, errno == EBADF);
  return 0;
}
`);
  assert.equal(output, 'before\nlogged 1\ntwo+3\n-1 1\n');
});

test('a file is read and written as it was opened for, and a file in the place of a folder has its error', async () => {
  const output = await run(`#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
static void report(long result) { printf("%ld %d %d|", result, errno == EBADF, errno == ENOTDIR), errno = 0; }
int main(void) {
  char text[20] = "";
  struct stat status;
  int file = open("a.txt", O_CREAT | O_WRONLY, 0644);
  report(write(file, "kept", 4)), report(pread(file, text, 4, 0)), report(lseek(file, 0, SEEK_SET));
  report(read(file, text, 4)), report((fcntl(file, F_GETFL) & O_ACCMODE) == O_WRONLY);
  close(file);
  file = open("a.txt", O_RDONLY);
  report(write(file, "lost", 4)), report(pwrite(file, "lost", 4, 0)), report(ftruncate(file, 0));
  report(read(file, text, 20)), report((fcntl(file, F_GETFL) & O_ACCMODE) == O_RDONLY);
  close(file);
  printf("%s\\n", text);
  report(stat("a.txt/b", &status)), report(open("a.txt/b", O_RDONLY)), report(open("a.txt/b", O_CREAT | O_RDWR, 0644));
  report(mkdir("a.txt/b", 0755)), report(unlink("a.txt/b/c")), report(rename("a.txt", "a.txt/b"));
  printf("\\n%o ", umask(0)), printf("%o\\n", umask(077));
  return 0;
}
`);
  assert.deepEqual(output.split('\n'), [
    '4 0 0|-1 1 0|0 0 0|-1 1 0|1 0 0|-1 1 0|-1 1 0|-1 0 0|4 0 0|1 0 0|kept',
    '-1 0 1|-1 0 1|-1 0 1|-1 0 1|-1 0 1|-1 0 1|',
    '22 0',
    '',
  ]);
});
