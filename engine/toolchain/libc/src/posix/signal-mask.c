/* The mask of signals. What is raised while it is blocked waits: programs that mention a mask are linked with this `raise`. */
#include <errno.h>
#include <signal.h>

static sigset_t blocked, pending;

int __real_raise(int);

/* What the program calls by the name of `raise`. */
int __wrap_raise(int number) {
  if (number <= 0 || number >= _NSIG || !sigismember(&blocked, number)) return __real_raise(number);
  sigaddset(&pending, number);
  return 0;
}

int sigprocmask(int how, const sigset_t *restrict set, sigset_t *restrict before) {
  if (before) *before = blocked;
  if (!set) return 0;
  if (how < SIG_BLOCK || how > SIG_SETMASK) {
    errno = EINVAL;
    return -1;
  }
  if (how == SIG_BLOCK) blocked.bits |= set->bits;
  else if (how == SIG_UNBLOCK) blocked.bits &= ~set->bits;
  else blocked = *set;
  sigdelset(&blocked, SIGKILL);
  sigdelset(&blocked, SIGSTOP);
  for (int number = 1; number < _NSIG; number++) {
    if (!sigismember(&pending, number) || sigismember(&blocked, number)) continue;
    sigdelset(&pending, number);
    raise(number);
  }
  return 0;
}

int sigpending(sigset_t *set) {
  *set = pending;
  return 0;
}
