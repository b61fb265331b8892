//! Which process is at the other end of a connection to the Runtime API.
//!
//! Linux says so: `/proc/net/tcp` has the inode of every socket, and `/proc/PID/fd` the sockets of a process. Elsewhere it
//! isn't known, and the random request ids have to suffice.
//!
//! | who | events | answers | an error at the start |
//! |---|---|---|---|
//! | the function | yes | with the id of the event | yes |
//! | another process | no | no | no |
//! | a process that has closed the connection | nobody reads them | with the id of the event | no |
//! | not known | yes | with the id of the event | yes |
//!
//! A process that closes the connection before it is looked for may be the function: some programs end right after their
//! answer. Only the function can know the id, though, because only the function gets events.
//!
//! A program counts as the function wherever it runs on this machine, if the function has started it or it is in the function's
//! process group: a shell script may start the real program. A daemon that has left both, or a container, doesn't count.
//!
//! Source: <https://man7.org/linux/man-pages/man5/proc.5.html>

use std::{fs, io, net::SocketAddr};

/// Who sends a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Peer {
    /// The function, or a process that it has started.
    Function,
    /// Another process.
    Other,
    /// A process that has closed the connection meanwhile.
    Gone,
    /// The system doesn't say.
    Unknown,
}

/// Who is at `peer`, connected to `server`. `function` is the id of the function's process.
pub(crate) fn identify(function: u32, peer: SocketAddr, server: SocketAddr) -> Peer {
    let mut has_table = false;
    // Most functions connect through IPv4, and then the other table isn't read.
    let socket = ["/proc/net/tcp", "/proc/net/tcp6"].iter().find_map(|path| {
        let table = fs::read_to_string(path).ok()?;
        has_table = true;
        let inode = inode(&table, peer, server)?;
        Some(format!("socket:[{inode}]"))
    });
    let Some(socket) = socket else {
        return if has_table { Peer::Gone } else { Peer::Unknown };
    };
    let mut is_hidden = false;
    let mut has_socket = |pid| {
        let answer = holds(pid, &socket);
        is_hidden |= answer.is_err();
        answer.unwrap_or(false)
    };
    // Nearly always it is the process itself, and the others needn't be looked for.
    let is_found = has_socket(function) || relatives(function).into_iter().any(has_socket);
    match (is_found, is_hidden) {
        (true, _) => Peer::Function,
        // A process that changed its user doesn't show its files.
        (false, true) => Peer::Unknown,
        (false, false) => Peer::Other,
    }
}

/// The inode of the socket at `local` that is connected to `remote`. `None` if it has been closed.
fn inode(table: &str, local: SocketAddr, remote: SocketAddr) -> Option<&str> {
    let (local, remote) = (endpoint(local)?, endpoint(remote)?);
    table.lines().find_map(|line| {
        let mut fields = line.split_ascii_whitespace().skip(1);
        // An IPv6 socket has the IPv4 address at the end of its own.
        let is_same = fields.next()?.ends_with(&local) && fields.next()?.ends_with(&remote);
        // State, queues, timer, retransmissions, user and timeout come before the inode.
        let inode = fields.nth(6)?;
        (is_same && inode != "0").then_some(inode)
    })
}

/// An IPv4 address and port as the table has them: the address as a number in the byte order of this machine.
fn endpoint(address: SocketAddr) -> Option<String> {
    let SocketAddr::V4(address) = address else {
        return None;
    };
    let number = u32::from_ne_bytes(address.ip().octets());
    Some(format!("{number:08X}:{:04X}", address.port()))
}

/// Whether a process has the socket open. A process that has ended meanwhile has not.
///
/// # Errors
/// Fails if this process may not look.
fn holds(pid: u32, socket: &str) -> io::Result<bool> {
    let files = match fs::read_dir(format!("/proc/{pid}/fd")) {
        Ok(files) => files,
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => return Err(error),
        Err(_) => return Ok(false),
    };
    Ok(files
        .filter_map(|file| fs::read_link(file.ok()?.path()).ok())
        .any(|link| link.as_os_str() == socket))
}

/// The processes that the function has started, directly or not, and those of its process group. It isn't among them.
fn relatives(function: u32) -> Vec<u32> {
    let (own, mut others): (Vec<_>, Vec<_>) = fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .filter_map(|entry| status(entry.ok()?.file_name().to_str()?.parse().ok()?))
        .partition(|process| process.pid == function);
    let group = own.first().map(|own| own.group);
    let mut family = vec![function];
    let mut known = 0;
    while known < family.len() {
        known = family.len();
        others.retain(|other| {
            let is_member = Some(other.group) == group || family.contains(&other.parent);
            if is_member {
                family.push(other.pid);
            }
            !is_member
        });
    }
    family.split_off(1)
}

/// A process, the one that started it, and its process group.
struct Status {
    pid: u32,
    parent: u32,
    group: u32,
}

/// Reads `/proc/PID/stat`: `PID (NAME) STATE PARENT GROUP …`. The name may hold anything.
fn status(pid: u32) -> Option<Status> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, after_name) = stat.rsplit_once(") ")?;
    let mut fields = after_name.split(' ').skip(1);
    let parent = fields.next()?.parse().ok()?;
    let group = fields.next()?.parse().ok()?;
    Some(Status { pid, parent, group })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines as Linux prints them on a machine with the low byte first.
    #[cfg(target_endian = "little")]
    #[test]
    fn sockets_are_found_in_both_tables() {
        let four = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n   \
                    0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4711 1\n   \
                    1: 0100007F:D431 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1000        0 4712 1\n   \
                    2: 0100007F:D432 0100007F:1F90 06 00000000:00000000 03:00000F2B 00000000     0        0 0 3\n";
        let six = "   0: 0000000000000000FFFF00000100007F:D433 0000000000000000FFFF00000100007F:1F90 01 \
                   00000000:00000000 00:00000000 00000000  1000        0 4713 1\n";
        let find = |table, port| {
            inode(
                table,
                ([127, 0, 0, 1], port).into(),
                ([127, 0, 0, 1], 8080).into(),
            )
        };
        assert_eq!(find(four, 0xD431), Some("4712"));
        assert_eq!(find(four, 0xD432), None);
        assert_eq!(find(four, 0xD433), None);
        assert_eq!(find(six, 0xD433), Some("4713"));
    }
}
