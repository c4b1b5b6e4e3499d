/* Open files: descriptors of WASI. 0, 1 and 2 are the standard streams until they are redirected, 3 is the root. */
#ifndef DESCRIPTORS_H
#define DESCRIPTORS_H
#include <wasi/api.h>
#include "nodes.h"

struct descriptor {
  struct node *node; /* NULL: one of the standard streams, or closed */
  unsigned position;
  unsigned char open, append, stream; /* stream: its number + 1 */
};

#define ROOT 3
#define MOST 64

/* The descriptor of this number; NULL if it is not open. */
struct descriptor *descriptor_of(unsigned fd);
/* The folder that paths of this descriptor start from; NULL if it is none. */
struct node *folder_of(unsigned fd);
/* Opens a node; -1 if too many are open. */
int descriptor_new(struct node *node, int append);
void descriptor_close(struct descriptor *descriptor);
#endif
