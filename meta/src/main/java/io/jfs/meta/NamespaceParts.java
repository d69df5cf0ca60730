package io.jfs.meta;

import io.jfs.meta.model.Ino;
import io.jfs.meta.ops.AtimeMode;
import io.jfs.meta.ops.Effects;
import io.jfs.meta.ops.Policy;
import io.jfs.meta.ops.QuotaGuard;
import io.jfs.meta.txn.Transactor;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What a {@link Namespace} is made of. What is a supplier may change while the client runs: the
 * volume's settings, the session.
 *
 * @param transactor runs operations
 * @param clock wall clock, for time stamps
 * @param root the root of this client's view
 * @param readOnly whether every change is refused
 * @param policy decisions of this client and this volume
 * @param trashDays days that deleted entries stay in the trash; 0 = no trash
 * @param atimeMode when reading moves access times
 * @param sessionId this client's session; 0 if it has none
 * @param isOpen whether an inode is open in this client
 * @param quota limits
 * @param afterCommit takes what follows from each committed operation, in the operation's thread
 * @param background runs what nobody waits for; whoever makes it ends it
 */
public record NamespaceParts(
    Transactor transactor,
    InstantSource clock,
    Ino root,
    boolean readOnly,
    Supplier<Policy> policy,
    IntSupplier trashDays,
    AtimeMode atimeMode,
    LongSupplier sessionId,
    Predicate<Ino> isOpen,
    QuotaGuard quota,
    Consumer<Effects> afterCommit,
    Executor background) {}
