package io.jfs.fuse;

import io.jfs.fuse.proto.Init.Agreement;

/**
 * What of a mount outlives the process that serves it.
 *
 * @param descriptor of the channel, in this process and in those that it is passed on to
 * @param device the mount's {@code major:minor}
 * @param agreement what INIT has agreed on: the kernel asks but once
 * @param orderly whether the process that served it before has answered all that it carried out; if
 *     not, requests that come again may have been carried out
 */
public record KernelConnection(
    int descriptor, String device, Agreement agreement, boolean orderly) {}
