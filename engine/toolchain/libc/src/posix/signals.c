/* sigaction, on what signal and raise are here, and sets of signals. */
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static struct sigaction actions[_NSIG];

/* What signal is given in the place of the program's handler. */
static void deliver(int number) {
  struct sigaction action = actions[number];
  if ((unsigned)action.sa_flags & SA_RESETHAND) signal(number, SIG_DFL);
  if (action.sa_flags & SA_SIGINFO) {
    siginfo_t info = {.si_signo = number, .si_code = SI_USER, .si_pid = getpid()};
    action.sa_sigaction(number, &info, NULL);
  } else {
    action.sa_handler(number);
  }
}

int sigaction(int number, const struct sigaction *restrict action, struct sigaction *restrict before) {
  if (number <= 0 || number >= _NSIG || number == SIGKILL || number == SIGSTOP) {
    errno = EINVAL;
    return -1;
  }
  /* There is no way to ask but to set another. */
  void (*handler)(int) = signal(number, SIG_DFL);
  if (before) *before = handler == deliver ? actions[number] : (struct sigaction){.sa_handler = handler};
  if (action) {
    actions[number] = *action;
    handler = action->sa_handler == SIG_DFL || action->sa_handler == SIG_IGN ? action->sa_handler : deliver;
  }
  signal(number, handler);
  return 0;
}

int kill(pid_t process, int number) {
  if (process > 0 && process != getpid()) {
    errno = ESRCH;
    return -1;
  }
  return number == 0 ? 0 : raise(number);
}

/* Bits are numbered from 0, signals from 1. */
static int changed(sigset_t *set, int number, int into) {
  if (number <= 0 || number >= _NSIG) {
    errno = EINVAL;
    return -1;
  }
  unsigned long long bit = 1ull << (number - 1);
  set->bits = into ? set->bits | bit : set->bits & ~bit;
  return 0;
}

int sigaddset(sigset_t *set, int number) { return changed(set, number, 1); }

int sigdelset(sigset_t *set, int number) { return changed(set, number, 0); }

int sigismember(const sigset_t *set, int number) {
  if (number <= 0 || number >= _NSIG) {
    errno = EINVAL;
    return -1;
  }
  return set->bits >> (number - 1) & 1;
}

int sigemptyset(sigset_t *set) {
  set->bits = 0;
  return 0;
}

int sigfillset(sigset_t *set) {
  set->bits = ~0ull;
  return 0;
}
