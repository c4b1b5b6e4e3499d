/*
 * WASI's preview 1 for a module from elsewhere that has files, an environment or a date. Its file system is that of programs
 * in C (libc/src/filesystem), here with a part of the machine's memory to itself, behind the module's: the limit of memory is
 * lifted for as long as a call takes. What the host gives stands where `__stepformer_given` and `surroundings` say.
 */
#include <wasi/api.h>
#include "arguments.h"
#include "descriptors.h"
#include "limit.h"
#include "nodes.h"

/* Pages that the module has. */
CELL(host_limit)

/* In a function of its own that does the work: what lies on the stack is reached only when the limit is lifted. */
#define HOST(name, parameters, ...) \
  static __attribute__((noinline)) u32 do_##name parameters; \
  EXPORT("host." #name) u32 host_##name parameters { \
    u32 old = lift(); \
    set_host_limit(old); \
    u32 error = do_##name(__VA_ARGS__); \
    set_limit(old); \
    return error; \
  } \
  static u32 do_##name parameters

const struct given *__stepformer_given;

struct {
  u32 variables, size;
  const u8 *environment;
  u64 start;
} __stepformer_surroundings;

/* Whether the module's memory has these bytes. */
static int has(u32 address, u32 size) { return (u64)address + size <= (u64)get_host_limit() << 16; }

#define NEED(address, size) \
  if (!has(address, size)) return __WASI_ERRNO_FAULT

/* ---- arguments, environment, clock */

HOST(environ_sizes_get, (u32 count, u32 size), count, size) {
  NEED(count, 4);
  NEED(size, 4);
  *at(count) = __stepformer_surroundings.variables;
  *at(size) = __stepformer_surroundings.size;
  return __WASI_ERRNO_SUCCESS;
}

HOST(environ_get, (u32 pointers, u32 buffer), pointers, buffer) {
  u32 size = __stepformer_surroundings.size;
  const u8 *from = __stepformer_surroundings.environment;
  NEED(pointers, 4 * __stepformer_surroundings.variables);
  NEED(buffer, size);
  for (u32 i = 0; i < size; i++) {
    if (i == 0 || from[i - 1] == 0) {
      *at(pointers) = buffer + i;
      pointers += 4;
    }
    *(u8 *)(buffer + i) = from[i];
  }
  return __WASI_ERRNO_SUCCESS;
}

CELL(clock)

/* As in wasi.c, from another date on. */
HOST(clock_time_get, (u32 id, s64 precision, u32 to), id, precision, to) {
  NEED(to, 8);
  u32 ticks = get_clock() + 1;
  set_clock(ticks);
  *(wide_word *)to = (u64)ticks * 1000000 + (id == 0 ? __stepformer_surroundings.start : 0);
  return __WASI_ERRNO_SUCCESS;
}

/* ---- descriptors */

static int has_vectors(u32 vectors, u32 count) {
  if (count > 1 << 16 || !has(vectors, 8 * count)) return 0;
  for (; count; count--, vectors += 8) {
    if (!has(*at(vectors), *at(vectors + 4))) return 0;
  }
  return 1;
}

#define NEED_VECTORS(vectors, count) \
  if (!has_vectors(vectors, count)) return __WASI_ERRNO_FAULT

HOST(fd_write, (u32 fd, u32 vectors, u32 count, u32 written), fd, vectors, count, written) {
  NEED_VECTORS(vectors, count);
  NEED(written, 4);
  return __wasi_fd_write(fd, (const __wasi_ciovec_t *)vectors, count, (__wasi_size_t *)written);
}

HOST(fd_read, (u32 fd, u32 vectors, u32 count, u32 read), fd, vectors, count, read) {
  NEED_VECTORS(vectors, count);
  NEED(read, 4);
  struct descriptor *descriptor = descriptor_of(fd);
  if (descriptor && descriptor->stream == 1) keep_args();
  return __wasi_fd_read(fd, (const __wasi_iovec_t *)vectors, count, (__wasi_size_t *)read);
}

HOST(fd_pwrite, (u32 fd, u32 vectors, u32 count, s64 offset, u32 written), fd, vectors, count, offset, written) {
  NEED_VECTORS(vectors, count);
  NEED(written, 4);
  return __wasi_fd_pwrite(fd, (const __wasi_ciovec_t *)vectors, count, offset, (__wasi_size_t *)written);
}

HOST(fd_pread, (u32 fd, u32 vectors, u32 count, s64 offset, u32 read), fd, vectors, count, offset, read) {
  NEED_VECTORS(vectors, count);
  NEED(read, 4);
  return __wasi_fd_pread(fd, (const __wasi_iovec_t *)vectors, count, offset, (__wasi_size_t *)read);
}

HOST(fd_seek, (u32 fd, s64 offset, u32 whence, u32 position), fd, offset, whence, position) {
  NEED(position, 8);
  return __wasi_fd_seek(fd, offset, whence, (__wasi_filesize_t *)position);
}

HOST(fd_tell, (u32 fd, u32 position), fd, position) {
  NEED(position, 8);
  return __wasi_fd_tell(fd, (__wasi_filesize_t *)position);
}

HOST(fd_close, (u32 fd), fd) { return __wasi_fd_close(fd); }
HOST(fd_renumber, (u32 fd, u32 to), fd, to) { return __wasi_fd_renumber(fd, to); }
HOST(fd_sync, (u32 fd), fd) { return __wasi_fd_sync(fd); }
HOST(fd_datasync, (u32 fd), fd) { return __wasi_fd_sync(fd); }
HOST(fd_advise, (u32 fd, s64 offset, s64 size, u32 advice), fd, offset, size, advice) { return __wasi_fd_sync(fd); }
HOST(fd_fdstat_set_flags, (u32 fd, u32 flags), fd, flags) { return __wasi_fd_fdstat_set_flags(fd, flags); }

HOST(fd_fdstat_get, (u32 fd, u32 to), fd, to) {
  NEED(to, sizeof(__wasi_fdstat_t));
  return __wasi_fd_fdstat_get(fd, (__wasi_fdstat_t *)to);
}

HOST(fd_filestat_get, (u32 fd, u32 to), fd, to) {
  NEED(to, sizeof(__wasi_filestat_t));
  return __wasi_fd_filestat_get(fd, (__wasi_filestat_t *)to);
}

HOST(fd_filestat_set_size, (u32 fd, s64 size), fd, size) { return __wasi_fd_filestat_set_size(fd, size); }

HOST(fd_allocate, (u32 fd, s64 offset, s64 size), fd, offset, size) {
  struct descriptor *descriptor = descriptor_of(fd);
  if (!descriptor || !descriptor->node) return __WASI_ERRNO_BADF;
  if (offset < 0 || size < 0) return __WASI_ERRNO_INVAL;
  u64 end = (u64)offset + size;
  return end <= descriptor->node->size ? __WASI_ERRNO_SUCCESS : __wasi_fd_filestat_set_size(fd, end);
}

HOST(fd_prestat_get, (u32 fd, u32 to), fd, to) {
  NEED(to, sizeof(__wasi_prestat_t));
  return __wasi_fd_prestat_get(fd, (__wasi_prestat_t *)to);
}

HOST(fd_prestat_dir_name, (u32 fd, u32 path, u32 size), fd, path, size) {
  NEED(path, size);
  return __wasi_fd_prestat_dir_name(fd, (uint8_t *)path, size);
}

HOST(fd_readdir, (u32 fd, u32 buffer, u32 size, s64 cookie, u32 used), fd, buffer, size, cookie, used) {
  NEED(buffer, size);
  NEED(used, 4);
  return __wasi_fd_readdir(fd, (uint8_t *)buffer, size, cookie, (__wasi_size_t *)used);
}

/* ---- paths: a module's have a length instead of a zero at their end */

static __wasi_errno_t text(char *to, u32 path, u32 size) {
  NEED(path, size);
  if (size >= LONGEST) return __WASI_ERRNO_NAMETOOLONG;
  for (u32 i = 0; i < size; i++) to[i] = *(const char *)(path + i);
  to[size] = 0;
  return __WASI_ERRNO_SUCCESS;
}

#define TEXT(name, path, size) \
  char name[LONGEST]; \
  __wasi_errno_t name##_error = text(name, path, size); \
  if (name##_error) return name##_error

HOST(path_open,
     (u32 fd, u32 lookup, u32 path, u32 size, u32 flags, s64 base, s64 inheriting, u32 fd_flags, u32 opened), fd,
     lookup, path, size, flags, base, inheriting, fd_flags, opened) {
  TEXT(name, path, size);
  NEED(opened, 4);
  return __wasi_path_open(fd, lookup, name, flags, base, inheriting, fd_flags, (__wasi_fd_t *)opened);
}

HOST(path_filestat_get, (u32 fd, u32 flags, u32 path, u32 size, u32 to), fd, flags, path, size, to) {
  TEXT(name, path, size);
  NEED(to, sizeof(__wasi_filestat_t));
  return __wasi_path_filestat_get(fd, flags, name, (__wasi_filestat_t *)to);
}

HOST(path_create_directory, (u32 fd, u32 path, u32 size), fd, path, size) {
  TEXT(name, path, size);
  return __wasi_path_create_directory(fd, name);
}

HOST(path_remove_directory, (u32 fd, u32 path, u32 size), fd, path, size) {
  TEXT(name, path, size);
  return __wasi_path_remove_directory(fd, name);
}

HOST(path_unlink_file, (u32 fd, u32 path, u32 size), fd, path, size) {
  TEXT(name, path, size);
  return __wasi_path_unlink_file(fd, name);
}

HOST(path_rename, (u32 fd, u32 path, u32 size, u32 to_fd, u32 to_path, u32 to_size), fd, path, size, to_fd, to_path,
     to_size) {
  TEXT(name, path, size);
  TEXT(to, to_path, to_size);
  return __wasi_path_rename(fd, name, to_fd, to);
}

/* ---- what the file system does not have: times and links */

#define NOT_THERE(name, parameters) \
  EXPORT("host." #name) u32 host_##name parameters { return __WASI_ERRNO_NOTSUP; }

NOT_THERE(fd_fdstat_set_rights, (u32 fd, s64 base, s64 inheriting))
NOT_THERE(fd_filestat_set_times, (u32 fd, s64 accessed, s64 modified, u32 flags))
NOT_THERE(path_filestat_set_times, (u32 fd, u32 flags, u32 path, u32 size, s64 accessed, s64 modified, u32 which))
NOT_THERE(path_link, (u32 fd, u32 flags, u32 path, u32 size, u32 to_fd, u32 to_path, u32 to_size))
NOT_THERE(path_symlink, (u32 path, u32 size, u32 fd, u32 to_path, u32 to_size))

/* Nothing is a link. */
HOST(path_readlink, (u32 fd, u32 path, u32 size, u32 buffer, u32 room, u32 used), fd, path, size, buffer, room, used) {
  TEXT(name, path, size);
  __wasi_filestat_t found;
  __wasi_errno_t error = __wasi_path_filestat_get(fd, 0, name, &found);
  return error ? error : __WASI_ERRNO_INVAL;
}
