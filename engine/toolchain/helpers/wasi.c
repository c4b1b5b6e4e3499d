/*
 * WASI's preview 1 for a program that has arguments, an input and an output, and nothing else: no files, no
 * environment; a clock that ticks when it is read, and numbers that are as random as the last run's.
 * Functions and errors are named as in the interface's description.
 */
#include "arguments.h"

enum { SUCCESS = 0, BADF = 8, NOENT = 44, NOSYS = 52, SPIPE = 70 };

#define WASI(name) EXPORT("wasi." #name) u32 wasi_##name

MACHINE("write_byte") void write_byte(u32 byte);
MACHINE("write_error") void write_error(u32 byte);
MACHINE("halt") _Noreturn void halt(u32 code);

CELL(clock)
CELL(random)

/* ---- arguments: before the input stand their number, the size of their bytes, and the bytes */

WASI(args_sizes_get)(u32 count, u32 size) {
  read_sizes();
  *at(count) = get_args_count();
  *at(size) = get_args_size();
  return SUCCESS;
}

INLINE u32 kept_byte(u32 at) {
  u32 old = lift(), byte = *(u8 *)at;
  set_limit(old);
  return byte;
}

WASI(args_get)(u32 pointers, u32 buffer) {
  read_sizes();
  u32 state = get_args();
  u32 from = state == READ ? get_args_buffer() : get_args_kept();
  u32 end = buffer + get_args_size();
  for (u32 next = buffer; next != end; pointers += 4) {
    *at(pointers) = next;
    u32 byte;
    do {
      byte = state == SIZES_READ ? (u32)read_byte() : state == KEPT ? kept_byte(from++) : *(u8 *)(from++);
      *(u8 *)next++ = byte;
    } while (byte && next != end);
  }
  if (state == KEPT) return SUCCESS;
  set_args(READ);
  set_args_buffer(buffer);
  return SUCCESS;
}

WASI(environ_sizes_get)(u32 count, u32 size) {
  *at(count) = 0;
  *at(size) = 0;
  return SUCCESS;
}

WASI(environ_get)(u32 pointers, u32 buffer) { return SUCCESS; }

/* ---- input and output: descriptors 0, 1 and 2 */

/* Writes the bytes of all vectors by `put`, an instruction of its own for each descriptor. */
INLINE u32 write_all(void put(u32 byte), u32 vectors, u32 count, u32 written) {
  u32 total = 0;
  for (; count; count--, vectors += 8) {
    u32 next = *at(vectors), size = *at(vectors + 4);
    total += size;
    for (u32 end = next + size; next != end; next++) put(*(u8 *)next);
  }
  *at(written) = total;
  return SUCCESS;
}

WASI(fd_write)(u32 fd, u32 vectors, u32 count, u32 written) {
  if (fd == 1) return write_all(write_byte, vectors, count, written);
  if (fd == 2) return write_all(write_error, vectors, count, written);
  return BADF;
}

/* Gives a line at a time, as a terminal does: what is not needed yet is not read. */
WASI(fd_read)(u32 fd, u32 vectors, u32 count, u32 read) {
  if (fd != 0) return BADF;
  keep_args();
  u32 total = 0;
  s32 byte = 0;
  for (; count; count--, vectors += 8) {
    u32 next = *at(vectors);
    for (u32 end = next + *at(vectors + 4); next != end; next++) {
      byte = read_byte();
      if (byte < 0) goto end;
      *(u8 *)next = byte;
      total++;
      if (byte == '\n') goto end;
    }
  }
end:
  *at(read) = total;
  return SUCCESS;
}

INLINE u32 open(u32 fd) { return fd < 3; }

WASI(fd_close)(u32 fd) { return open(fd) ? SUCCESS : BADF; }
WASI(fd_sync)(u32 fd) { return open(fd) ? SUCCESS : BADF; }
WASI(fd_datasync)(u32 fd) { return open(fd) ? SUCCESS : BADF; }
WASI(fd_seek)(u32 fd, s64 offset, u32 whence, u32 position) { return open(fd) ? SPIPE : BADF; }
WASI(fd_tell)(u32 fd, u32 position) { return open(fd) ? SPIPE : BADF; }
WASI(fd_fdstat_set_flags)(u32 fd, u32 flags) { return open(fd) ? SUCCESS : BADF; }

/* The descriptors are terminals. */
#define CHARACTER_DEVICE 2
#define RIGHTS_READ_WRITE 0x42

WASI(fd_fdstat_get)(u32 fd, u32 status) {
  if (!open(fd)) return BADF;
  wide_word *to = (wide_word *)status;
  to[0] = CHARACTER_DEVICE;
  to[1] = RIGHTS_READ_WRITE;
  to[2] = 0;
  return SUCCESS;
}

WASI(fd_filestat_get)(u32 fd, u32 status) {
  if (!open(fd)) return BADF;
  wide_word *to = (wide_word *)status;
  for (int i = 0; i < 8; i++) to[i] = 0;
  to[2] = CHARACTER_DEVICE;
  return SUCCESS;
}

/* ---- no files: there is no directory that a path could start from */

WASI(fd_prestat_get)(u32 fd, u32 to) { return BADF; }
WASI(fd_prestat_dir_name)(u32 fd, u32 path, u32 size) { return BADF; }
WASI(fd_advise)(u32 fd, s64 offset, s64 size, u32 advice) { return BADF; }
WASI(fd_allocate)(u32 fd, s64 offset, s64 size) { return BADF; }
WASI(fd_fdstat_set_rights)(u32 fd, s64 base, s64 inheriting) { return BADF; }
WASI(fd_filestat_set_size)(u32 fd, s64 size) { return BADF; }
WASI(fd_filestat_set_times)(u32 fd, s64 accessed, s64 modified, u32 flags) { return BADF; }
WASI(fd_pread)(u32 fd, u32 vectors, u32 count, s64 offset, u32 read) { return BADF; }
WASI(fd_pwrite)(u32 fd, u32 vectors, u32 count, s64 offset, u32 written) { return BADF; }
WASI(fd_readdir)(u32 fd, u32 buffer, u32 size, s64 cookie, u32 used) { return BADF; }
WASI(fd_renumber)(u32 fd, u32 to) { return BADF; }
WASI(path_create_directory)(u32 fd, u32 path, u32 size) { return BADF; }
WASI(path_filestat_get)(u32 fd, u32 flags, u32 path, u32 size, u32 to) { return BADF; }
WASI(path_filestat_set_times)(u32 fd, u32 flags, u32 path, u32 size, s64 accessed, s64 modified, u32 which) {
  return BADF;
}
WASI(path_link)(u32 fd, u32 flags, u32 path, u32 size, u32 to_fd, u32 to_path, u32 to_size) { return BADF; }
WASI(path_open)(u32 fd, u32 flags, u32 path, u32 size, u32 open_flags, s64 rights, s64 inheriting, u32 fd_flags,
                u32 opened) {
  return BADF;
}
WASI(path_readlink)(u32 fd, u32 path, u32 size, u32 buffer, u32 buffer_size, u32 used) { return BADF; }
WASI(path_remove_directory)(u32 fd, u32 path, u32 size) { return BADF; }
WASI(path_rename)(u32 fd, u32 path, u32 size, u32 to_fd, u32 to_path, u32 to_size) { return BADF; }
WASI(path_symlink)(u32 path, u32 size, u32 fd, u32 to_path, u32 to_size) { return BADF; }
WASI(path_unlink_file)(u32 fd, u32 path, u32 size) { return BADF; }

/* ---- process, clock, random numbers */

EXPORT("wasi.proc_exit") _Noreturn void wasi_proc_exit(u32 code) { halt(code); }
WASI(proc_raise)(u32 signal) { return NOSYS; }
WASI(sched_yield)(void) { return SUCCESS; }

/* A millisecond passes from one reading to the next; the calendar's clock starts with the year 2024. */
#define TICK 1000000
#define YEAR_2024 1704067200000000000

WASI(clock_res_get)(u32 id, u32 to) {
  *(wide_word *)to = TICK;
  return SUCCESS;
}

WASI(clock_time_get)(u32 id, s64 precision, u32 to) {
  u32 ticks = get_clock() + 1;
  set_clock(ticks);
  *(wide_word *)to = (u64)ticks * TICK + (id == 0 ? YEAR_2024 : 0);
  return SUCCESS;
}

/* Marsaglia's 32-bit xorshift; the high byte of each number. */
WASI(random_get)(u32 to, u32 size) {
  u32 state = get_random() ^ 2463534242u;
  for (u32 end = to + size; to != end; to++) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    *(u8 *)to = state >> 24;
  }
  set_random(state ^ 2463534242u);
  return SUCCESS;
}

/* Whatever is waited for has happened: a subscription of 48 bytes makes an event of 32. */
WASI(poll_oneoff)(u32 subscriptions, u32 events, u32 count, u32 happened) {
  *at(happened) = count;
  for (; count; count--, subscriptions += 48, events += 32) {
    const wide_word *from = (const wide_word *)subscriptions;
    wide_word *to = (wide_word *)events;
    to[0] = from[0];
    to[1] = (from[1] & 255) << 16;
    to[2] = 0;
    to[3] = 0;
  }
  return SUCCESS;
}
