/*
 * The file system of a program: files and folders in its own memory, by their full path. What the host gives is a table;
 * what the program writes can be read from the list by the host, when it ends.
 */
#ifndef NODES_H
#define NODES_H
#include <stddef.h>

/* A file or folder. The host reads these fields, in this order. */
struct node {
  struct node *next;
  char *path;   /* without the leading slash; the root is "" */
  unsigned char *bytes;
  unsigned size;
  unsigned written; /* by the program: it was not given, or it was changed */
  unsigned room;    /* bytes that were allocated; 0 for those of the table, which are constant */
  unsigned folder;
  unsigned users;   /* descriptors; a node without a path is freed with the last one */
};

/* What the host gives: ends with a null path. */
struct given {
  const char *path;
  const unsigned char *bytes;
  unsigned size;
};

/* To a program in C it is linked, if there is any; into a module from elsewhere the host puts its address. */
#ifdef MODULES
extern const struct given *__stepformer_given;
#else
__attribute__((weak)) extern const struct given __stepformer_given[];
#endif

/* All nodes, the last made first. The host finds the list by this name. */
extern struct node *__stepformer_files;

/* The node at a path that is relative to a folder; NULL if there is none. `full` receives the path, in LONGEST bytes. */
#define LONGEST 512
struct node *node_at(const struct node *folder, const char *path, char *full);
/* A new node; its folder must be there. NULL if it is not, or there is no memory. */
struct node *node_new(const char *full, int folder);
/* Makes the folder for temporary files, which is there but in no list, one of the program's own; 0 for any other node. */
int node_claim(struct node *node);
/* Takes away a path. */
void node_remove(struct node *node);
/* Frees what has neither a path nor users. */
void node_release(struct node *node);
/* Makes a file so long; what is new is zero. Gives whether there is memory. */
int node_resize(struct node *node, unsigned size);
/* Whether `node` lies directly in a folder: then its name, else NULL. */
const char *name_in(const struct node *folder, const struct node *node);
/* The folder of a path; NULL if it is not there. */
struct node *parent_of(const char *full);
/* Whether a file stands in a path where a folder should. */
int is_through_file(const char *full);
#endif
