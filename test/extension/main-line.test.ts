/** The line above which a C file offers to be debugged. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineOfMain } from '../../extension/host/main-line.ts';

test('the definition of main, however it is laid out', () => {
  assert.equal(lineOfMain('#include <stdio.h>\n\nint main(void) {\n}\n'), 2);
  assert.equal(lineOfMain('int\nmain(int argc,\n     char **argv)\n{\n}\n'), 1);
  assert.equal(lineOfMain('int main() { return 0; }'), 0);
  assert.equal(lineOfMain('static int x;\r\nint main (void)\r\n{ }'), 1);
});

test('no declaration, call, comment or string, and no other function', () => {
  const texts = [
    'int main(void);\n',
    '// int main(void) {\nint x;\n',
    '/* int main(void) {\n} */\n',
    'const char *s = "int main(void) {";\n',
    'int domain(void) {\n}\n',
    'int f(void) {\n  return main();\n}\n',
    '',
  ];
  for (const text of texts) assert.equal(lineOfMain(text), undefined, text);
  assert.equal(lineOfMain('int main(void);\nint main(void) { return 0; }\n'), 1);
});
