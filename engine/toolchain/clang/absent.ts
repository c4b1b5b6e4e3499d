/** What programs have elsewhere and cannot have here: why, by the names of functions and headers, and in clang's messages. */

const THREADS = 'the machine has one thread';
const PROCESSES = 'a program is alone in the machine, without other processes';
const NETWORK = 'the machine has no network';
const LOADING = 'nothing is loaded into a program that runs';
const SIGNALS = 'nobody but the program itself sends signals: it has signal, sigaction and raise';
const TERMINAL = 'the machine has no terminal: a program has its standard streams';
const USERS = 'the machine has no users';
const CONTEXTS = 'a program has one stack: setjmp and longjmp go back in it';
const WINDOWS = 'this is of Windows or DOS, and the library is that of Unix';
const ANSWERS: readonly (readonly [functions: RegExp, headers: RegExp, reason: string])[] = [
  [/^(pthread_(create|detach|cancel|kill)|thrd_\w+|sem_wait)$/, /^$/, THREADS],
  [
    /^(v?fork|exec(l|v)p?e?|fexecve|posix_spawnp?|p(open|close)|wait(pid|id|[34])?|pipe2?)$/,
    /^(sys\/wait|spawn)\.h$/,
    PROCESSES,
  ],
  [
    /^(socket(pair)?|connect|bind|listen|send(to|msg)|recv(from|msg)|get(addr|name)info|gethostby\w+|[gs]etsockopt)$/,
    /^netdb\.h$/,
    NETWORK,
  ],
  [/^dl(open|sym|close|error)$/, /^$/, LOADING],
  [/^(alarm|setitimer|sigsuspend|sigwait|pause|killpg|sigaltstack)$/, /^$/, SIGNALS],
  [/^(tc[gs]etattr|cf\w+speed)$/, /^((sys\/)?termios?|n?curses|readline\/\w+)\.h$/, TERMINAL],
  [/^(get|set)(e?[ug]id|pw(nam|uid)|gr(nam|gid))$/, /^(pwd|grp)\.h$/, USERS],
  [/^((get|set|make|swap)context)$/, /^(sys\/)?ucontext\.h$/, CONTEXTS],
  [/^(getche?|kbhit|clrscr|gotoxy)$/, /^(windows|conio|dos|io|process|direct)\.h$/i, WINDOWS],
];

/** Why there is no function of this name. */
export function whyNoFunction(name: string): string | undefined {
  return ANSWERS.find(([functions]) => functions.test(name))?.[2];
}

/** Messages of clang that leave open what to do. */
const OPEN: readonly (readonly [message: RegExp, reason: string])[] = [
  [
    /^function definition is not allowed here$/,
    'clang has no functions within functions, which are an extension of gcc',
  ],
  [
    /^use of undeclared identifier 'FE_(DIVBYZERO|INEXACT|INVALID|OVERFLOW|UNDERFLOW|UPWARD|DOWNWARD|TOWARDZERO)'$/,
    "WebAssembly's floats round to nearest and keep no flags",
  ],
  [
    /^(invalid instruction|Unexpected token in operand.*|unexpected token in .*|invalid operand in inline asm.*|.* in asm|.*'asm')$/,
    'assembly is that of the machine, which runs WebAssembly',
  ],
];

/** A message of clang with the reason, where there is one to tell. */
export function explained(message: string): string {
  const header = /^'([^']*)' file not found$/.exec(message)?.[1];
  const reason = header
    ? ANSWERS.find(([, headers]) => headers.test(header))?.[2]
    : OPEN.find(([pattern]) => pattern.test(message))?.[1];
  return reason ? `${message}: ${reason}` : message;
}
