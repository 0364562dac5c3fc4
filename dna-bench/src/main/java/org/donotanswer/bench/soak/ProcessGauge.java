package org.donotanswer.bench.soak;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.donotanswer.bench.speed.ResidentMemory;

/** Reads what this process holds. Thread-safe. */
final class ProcessGauge {
    private static final String COMMON_POOL = "ForkJoinPool.commonPool";

    private ProcessGauge() {}

    /** Returns the resident memory in units of 2^20 bytes; NaN if the system does not report it. */
    static double residentMegabytes() throws IOException {
        return ResidentMemory.megabytes();
    }

    /** Returns the number of open file descriptors; NaN if the system does not report it. */
    static double handles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getOpenFileDescriptorCount()
                : Double.NaN;
    }

    /** Returns the names of the live threads, sorted, without numbers; those of the JVM's common pool are left out. */
    static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> !name.startsWith(COMMON_POOL))
                .map(name -> name.replaceAll("\\d+", "N"))
                .sorted()
                .toList();
    }

    /** Returns those names of threads that were not there before, or not as often. */
    static List<String> added(List<String> before, List<String> after) {
        List<String> added = new ArrayList<>(after);
        before.forEach(added::remove);
        return added;
    }
}
