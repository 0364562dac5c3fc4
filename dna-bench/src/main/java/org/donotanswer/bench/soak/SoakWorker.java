package org.donotanswer.bench.soak;

import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One thread of the load. Not thread-safe. */
final class SoakWorker {
    private static final SoakFault[] FAULTS = SoakFault.values();
    private static final String LIBRARY = "org.donotanswer.";

    private final SoakContext context;
    private final SoakTally tally;
    private final SplittableRandom random;
    private final SoakOperations operations;
    private final SoakFaults faults;
    private int injected;

    SoakWorker(SoakContext context, SoakTally tally, long seed, int thread) {
        this.context = context;
        this.tally = tally;
        injected = thread;
        random = new SplittableRandom(seed + thread);
        SoakFiles files = new SoakFiles(context.directory(), thread);
        operations = new SoakOperations(context, random, files);
        faults = new SoakFaults(context, random, operations, files);
    }

    /** Performs operations as long as more are wanted. */
    void run(BooleanSupplier wanted) throws IOException {
        List<SoakLoad> loads = context.loads();
        while (wanted.getAsBoolean()) {
            SoakLoad load = loads.get(random.nextInt(loads.size()));
            perform(SoakOperation.draw(random), load, load.oracle().draw(random));
            try {
                context.audit().rotateIfLong();
            } catch (SoakMismatchException e) {
                tally.add(new WrongResult("", "audit log", -1, String.valueOf(e.getMessage())));
            }
        }
    }

    /** Every fault is as frequent as any other. */
    private SoakFault nextFault() {
        return FAULTS[injected++ % FAULTS.length];
    }

    /** The load goes on, whatever an operation throws: that is a wrong result. */
    private void perform(SoakOperation operation, SoakLoad load, OracleItem item) {
        SoakFault fault = operation == SoakOperation.FAULT ? nextFault() : null;
        try {
            if (fault == null) {
                operations.perform(operation, load, item);
            } else {
                tally.add(fault, faults.perform(fault, load, item));
            }
        } catch (SoakMismatchException e) {
            addWrong(operation, fault, load, item, String.valueOf(e.getMessage()));
        } catch (Exception | Error e) {
            // An OutOfMemoryError, too: the figures of hours would be lost.
            addWrong(operation, fault, load, item, e.getClass().getName() + place(e));
        }
        tally.add(operation);
    }

    private void addWrong(
            SoakOperation operation, @Nullable SoakFault fault, SoakLoad load, OracleItem item, String problem) {
        String name = fault == null ? operation.name() : fault.name();
        tally.add(new WrongResult(load.name(), name, item.input().id(), problem));
        if (fault != null) {
            tally.add(fault, "wrong");
        }
    }

    /** Returns where in this library an exception comes from; its message may quote texts. */
    private static String place(Throwable e) {
        for (StackTraceElement element : e.getStackTrace()) {
            if (element.getClassName().startsWith(LIBRARY)) {
                return " at " + element.getClassName() + ":" + element.getLineNumber();
            }
        }
        return "";
    }
}
