/*
 * Open files, and the numbers that WASI and POSIX have for them: 0, 1 and 2 are the standard streams until they are redirected, 3 is
 * the root. Several numbers may be of the same open file, with one position.
 */
#ifndef DESCRIPTORS_H
#define DESCRIPTORS_H
#include <wasi/api.h>
#include "nodes.h"

struct descriptor {
  struct node *node; /* NULL: one of the standard streams, or closed */
  unsigned position;
  unsigned numbers; /* that it has; 0: it is free */
  unsigned char append, stream; /* stream: its number + 1 */
  __wasi_rights_t rights;       /* what it was opened for */
};

#define ROOT 3
#define MOST 64

/* The descriptor of this number; NULL if it is not open. */
struct descriptor *descriptor_of(unsigned fd);
/* The folder that paths of this descriptor start from; NULL if it is none. */
struct node *folder_of(unsigned fd);
/* Opens a node for what is right with it; -1 if too many are open. */
int descriptor_new(struct node *node, int append, __wasi_rights_t rights);
/* Gives an open file another number, which is closed before, or the least free one for -1; -1 if there is no such file or number. */
int descriptor_copy(unsigned fd, int to);
#endif
