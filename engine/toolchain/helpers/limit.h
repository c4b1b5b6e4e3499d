/* The limit of memory: what lies in the machine's memory behind the program's is reached while it is lifted. */
#ifndef LIMIT_H
#define LIMIT_H
#include "helpers.h"

MACHINE("cell pages") u32 limit(void);
MACHINE("set pages") void set_limit(u32 pages);
MACHINE("all pages") u32 all_pages(void);

INLINE u32 lift(void) {
  u32 old = limit();
  set_limit(all_pages());
  return old;
}
#endif
