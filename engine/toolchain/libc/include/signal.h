/* With what POSIX adds to signals, as far as a program that is alone can have it. */
#include_next <signal.h>

#ifndef STEPFORMER_SIGNAL_H
#define STEPFORMER_SIGNAL_H
#define __NEED_pid_t
#define __NEED_uid_t
#define __NEED_sigset_t
#include <bits/alltypes.h>

#define SIG_BLOCK 0
#define SIG_UNBLOCK 1
#define SIG_SETMASK 2
#define SA_NOCLDSTOP 1
#define SA_NOCLDWAIT 2
#define SA_SIGINFO 4
#define SA_ONSTACK 0x08000000
#define SA_RESTART 0x10000000
#define SA_NODEFER 0x40000000
#define SA_RESETHAND 0x80000000
#define SI_USER 0

union sigval {
  int sival_int;
  void *sival_ptr;
};

typedef struct {
  int si_signo, si_errno, si_code;
  pid_t si_pid;
  uid_t si_uid;
  void *si_addr;
  int si_status;
  union sigval si_value;
} siginfo_t;

struct sigaction {
  union {
    void (*sa_handler)(int);
    void (*sa_sigaction)(int, siginfo_t *, void *);
  } handlers;
  sigset_t sa_mask;
  int sa_flags;
};
#define sa_handler handlers.sa_handler
#define sa_sigaction handlers.sa_sigaction

#ifdef __cplusplus
extern "C" {
#endif
int sigaction(int, const struct sigaction *__restrict, struct sigaction *__restrict);
int kill(pid_t, int);
int sigemptyset(sigset_t *);
int sigfillset(sigset_t *);
int sigaddset(sigset_t *, int);
int sigdelset(sigset_t *, int);
int sigismember(const sigset_t *, int);
int sigprocmask(int, const sigset_t *__restrict, sigset_t *__restrict);
int sigpending(sigset_t *);
#ifdef __cplusplus
}
#endif
#endif
