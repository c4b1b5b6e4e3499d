/* Opening, listing, renaming and removing: of WASI, what is about paths. */
#include <stdlib.h>
#include <string.h>
#include "descriptors.h"

/* What is wrong with a path at which nothing is, or nothing can be. */
static __wasi_errno_t missing(const char *full) {
  return is_through_file(full) ? __WASI_ERRNO_NOTDIR : __WASI_ERRNO_NOENT;
}

static void status_of(const struct node *node, __wasi_filestat_t *to) {
  *to = (__wasi_filestat_t){
      .ino = (unsigned)node,
      .filetype = node->folder ? __WASI_FILETYPE_DIRECTORY : __WASI_FILETYPE_REGULAR_FILE,
      .nlink = 1,
      .size = node->size,
  };
}

__wasi_errno_t __wasi_fd_filestat_get(__wasi_fd_t fd, __wasi_filestat_t *to) {
  struct descriptor *descriptor = descriptor_of(fd);
  if (!descriptor) return __WASI_ERRNO_BADF;
  if (descriptor->node) status_of(descriptor->node, to);
  else *to = (__wasi_filestat_t){.filetype = __WASI_FILETYPE_CHARACTER_DEVICE};
  return __WASI_ERRNO_SUCCESS;
}

__wasi_errno_t __wasi_path_filestat_get(__wasi_fd_t fd, __wasi_lookupflags_t flags, const char *path,
                                        __wasi_filestat_t *to) {
  (void)flags;
  char full[LONGEST];
  struct node *folder = folder_of(fd);
  if (!folder) return __WASI_ERRNO_BADF;
  struct node *node = node_at(folder, path, full);
  if (!node) return missing(full);
  status_of(node, to);
  return __WASI_ERRNO_SUCCESS;
}

__wasi_errno_t __wasi_path_open(__wasi_fd_t fd, __wasi_lookupflags_t lookup, const char *path, __wasi_oflags_t flags,
                                __wasi_rights_t base, __wasi_rights_t inheriting, __wasi_fdflags_t fdflags,
                                __wasi_fd_t *opened) {
  (void)lookup, (void)inheriting;
  char full[LONGEST];
  struct node *folder = folder_of(fd);
  if (!folder) return __WASI_ERRNO_BADF;
  struct node *node = node_at(folder, path, full);
  if (node && flags & __WASI_OFLAGS_CREAT && flags & __WASI_OFLAGS_EXCL) return __WASI_ERRNO_EXIST;
  if (node && node->folder && base & __WASI_RIGHTS_FD_WRITE) return __WASI_ERRNO_ISDIR;
  if (node && !node->folder && flags & __WASI_OFLAGS_DIRECTORY) return __WASI_ERRNO_NOTDIR;
  if (!node) {
    if (!(flags & __WASI_OFLAGS_CREAT) || !parent_of(full)) return missing(full);
    node = node_new(full, 0);
    if (!node) return __WASI_ERRNO_NOSPC;
  }
  if (flags & __WASI_OFLAGS_TRUNC && !node_resize(node, 0)) return __WASI_ERRNO_NOSPC;
  int number = descriptor_new(node, (fdflags & __WASI_FDFLAGS_APPEND) != 0, base);
  if (number < 0) return __WASI_ERRNO_MFILE;
  *opened = number;
  return __WASI_ERRNO_SUCCESS;
}

__wasi_errno_t __wasi_path_create_directory(__wasi_fd_t fd, const char *path) {
  char full[LONGEST];
  struct node *folder = folder_of(fd);
  if (!folder) return __WASI_ERRNO_BADF;
  struct node *node = node_at(folder, path, full);
  if (node) return node_claim(node) ? __WASI_ERRNO_SUCCESS : __WASI_ERRNO_EXIST;
  return node_new(full, 1) ? __WASI_ERRNO_SUCCESS : missing(full);
}

static int is_empty(const struct node *folder) {
  for (const struct node *node = __stepformer_files; node; node = node->next) {
    if (name_in(folder, node)) return 0;
  }
  return 1;
}

static __wasi_errno_t removed(unsigned fd, const char *path, int is_folder) {
  char full[LONGEST];
  struct node *folder = folder_of(fd);
  if (!folder) return __WASI_ERRNO_BADF;
  struct node *node = node_at(folder, path, full);
  if (!node) return missing(full);
  if (node->folder != (unsigned)is_folder) return is_folder ? __WASI_ERRNO_NOTDIR : __WASI_ERRNO_ISDIR;
  if (is_folder && !is_empty(node)) return __WASI_ERRNO_NOTEMPTY;
  node_remove(node);
  return __WASI_ERRNO_SUCCESS;
}

__wasi_errno_t __wasi_path_unlink_file(__wasi_fd_t fd, const char *path) { return removed(fd, path, 0); }
__wasi_errno_t __wasi_path_remove_directory(__wasi_fd_t fd, const char *path) { return removed(fd, path, 1); }

/* What lies in a folder that is renamed moves with it. */
__wasi_errno_t __wasi_path_rename(__wasi_fd_t fd, const char *path, __wasi_fd_t to_fd, const char *to_path) {
  char full[LONGEST], to[LONGEST];
  struct node *folder = folder_of(fd), *to_folder = folder_of(to_fd);
  if (!folder || !to_folder) return __WASI_ERRNO_BADF;
  struct node *node = node_at(folder, path, full), *old = node_at(to_folder, to_path, to);
  if (!node || !parent_of(to)) return missing(node ? to : full);
  if (node == old) return __WASI_ERRNO_SUCCESS;
  if (old && old->folder != node->folder) return old->folder ? __WASI_ERRNO_ISDIR : __WASI_ERRNO_NOTDIR;
  if (old && old->folder && !is_empty(old)) return __WASI_ERRNO_NOTEMPTY;
  if (old) node_remove(old);
  size_t length = strlen(full), to_length = strlen(to);
  for (struct node *each = __stepformer_files; each; each = each->next) {
    if (strncmp(each->path, full, length) != 0 || (each->path[length] && each->path[length] != '/')) continue;
    char *renamed = malloc(to_length + strlen(each->path + length) + 1);
    if (!renamed) return __WASI_ERRNO_NOSPC;
    strcpy(renamed, to);
    strcpy(renamed + to_length, each->path + length);
    free(each->path);
    each->path = renamed;
    each->written = 1;
  }
  return __WASI_ERRNO_SUCCESS;
}

/* One entry, as far as there is room; the next one's place. */
static uint8_t *put_entry(uint8_t *to, const uint8_t *end, __wasi_dircookie_t next, const char *name, int is_folder) {
  __wasi_dirent_t entry = {
      .d_next = next,
      .d_namlen = strlen(name),
      .d_type = is_folder ? __WASI_FILETYPE_DIRECTORY : __WASI_FILETYPE_REGULAR_FILE,
  };
  size_t head = sizeof entry, length = entry.d_namlen;
  if (head > (size_t)(end - to)) head = end - to;
  memcpy(to, &entry, head);
  to += head;
  if (length > (size_t)(end - to)) length = end - to;
  memcpy(to, name, length);
  return to + length;
}

__wasi_errno_t __wasi_fd_readdir(__wasi_fd_t fd, uint8_t *buffer, __wasi_size_t size, __wasi_dircookie_t cookie,
                                 __wasi_size_t *used) {
  struct node *folder = folder_of(fd);
  if (!folder) return __WASI_ERRNO_NOTDIR;
  uint8_t *to = buffer, *end = buffer + size;
  __wasi_dircookie_t place = 0;
  if (place++ >= cookie) to = put_entry(to, end, place, ".", 1);
  if (place++ >= cookie) to = put_entry(to, end, place, "..", 1);
  for (struct node *node = __stepformer_files; node && to < end; node = node->next) {
    const char *name = name_in(folder, node);
    if (name && place++ >= cookie) to = put_entry(to, end, place, name, node->folder);
  }
  *used = to - buffer;
  return __WASI_ERRNO_SUCCESS;
}
