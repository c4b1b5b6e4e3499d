/* Files and folders, as a list. */
#include "nodes.h"
#include <stdlib.h>
#include <string.h>

struct node *__stepformer_files;

/* The folder for temporary files, which is everywhere: made when it is first asked for. */
#define TEMPORARY "tmp"
static struct node *temporary;

static struct node *find(const char *full) {
  for (struct node *node = __stepformer_files; node; node = node->next) {
    if (strcmp(node->path, full) == 0) return node;
  }
  return NULL;
}

static struct node *add(const char *full, int folder) {
  struct node *node = calloc(1, sizeof *node);
  char *path = strdup(full);
  if (!node || !path) return NULL;
  node->path = path;
  node->folder = folder;
  node->next = __stepformer_files;
  __stepformer_files = node;
  return node;
}

/* The node at a path, or the folder for temporary files if that is meant. */
static struct node *found(const char *full) {
  struct node *node = find(full);
  if (!node && strcmp(full, TEMPORARY) == 0) node = temporary = add(full, 1);
  return node;
}

/* The root, and what was given with the folders on its way. */
static void begin(void) {
  if (__stepformer_files) return;
  add("", 1);
  if (!__stepformer_given) return;
  for (const struct given *given = __stepformer_given; given->path; given++) {
    char part[LONGEST];
    for (size_t i = 0; given->path[i] && i < LONGEST; i++) {
      part[i] = given->path[i];
      if (part[i] != '/') continue;
      part[i] = 0;
      if (!find(part)) add(part, 1);
      part[i] = '/';
    }
    struct node *node = add(given->path, 0);
    if (!node) return;
    node->bytes = (unsigned char *)given->bytes;
    node->size = given->size;
  }
}

struct node *node_at(const struct node *folder, const char *path, char *full) {
  begin();
  size_t length = 0;
  if (*path != '/' && folder) {
    length = strlen(folder->path);
    memcpy(full, folder->path, length);
  }
  while (*path) {
    size_t part = 0;
    while (path[part] && path[part] != '/') part++;
    if (part == 2 && path[0] == '.' && path[1] == '.') {
      while (length && full[length - 1] != '/') length--;
      if (length) length--;
    } else if (part && !(part == 1 && path[0] == '.')) {
      if (length + part + 2 > LONGEST) part = LONGEST - 2 - length;
      if (length) full[length++] = '/';
      memcpy(full + length, path, part);
      length += part;
    }
    path += part;
    while (*path == '/') path++;
  }
  full[length] = 0;
  return found(full);
}

struct node *parent_of(const char *full) {
  char path[LONGEST];
  const char *slash = strrchr(full, '/');
  size_t length = slash ? slash - full : 0;
  memcpy(path, full, length);
  path[length] = 0;
  struct node *parent = found(path);
  return parent && parent->folder ? parent : NULL;
}

int is_through_file(const char *full) {
  for (const struct node *node = __stepformer_files; node; node = node->next) {
    size_t length = strlen(node->path);
    if (!node->folder && strncmp(node->path, full, length) == 0 && full[length] == '/') return 1;
  }
  return 0;
}

struct node *node_new(const char *full, int folder) {
  if (!parent_of(full)) return NULL;
  struct node *node = add(full, folder);
  if (node) node->written = 1;
  return node;
}

int node_claim(struct node *node) {
  if (node != temporary) return 0;
  temporary = NULL;
  return 1;
}

void node_remove(struct node *node) {
  node_claim(node);
  for (struct node **link = &__stepformer_files; *link; link = &(*link)->next) {
    if (*link != node) continue;
    *link = node->next;
    break;
  }
  free(node->path);
  node->path = NULL;
  node_release(node);
}

void node_release(struct node *node) {
  if (node->path || node->users) return;
  if (node->room) free(node->bytes);
  free(node);
}

int node_resize(struct node *node, unsigned size) {
  if (size > node->room) {
    unsigned room = size + size / 2 + 64;
    unsigned char *bytes = malloc(room);
    if (!bytes) return 0;
    if (node->size) memcpy(bytes, node->bytes, node->size);
    if (node->room) free(node->bytes);
    node->bytes = bytes;
    node->room = room;
  }
  if (size > node->size) memset(node->bytes + node->size, 0, size - node->size);
  node->size = size;
  node->written = 1;
  return 1;
}

const char *name_in(const struct node *folder, const struct node *node) {
  size_t length = strlen(folder->path);
  if (node == folder || node == temporary || strncmp(node->path, folder->path, length) != 0) return NULL;
  const char *name = node->path + length;
  if (length) {
    if (*name != '/') return NULL;
    name++;
  }
  return strchr(name, '/') ? NULL : name;
}
