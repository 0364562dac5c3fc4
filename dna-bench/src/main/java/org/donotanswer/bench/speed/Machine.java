package org.donotanswer.bench.speed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Describes this machine for reports. Thread-safe. */
public final class Machine {
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

    private Machine() {}

    /** Returns the number and model of the processors, the operating system and the Java version. */
    public static String describe() {
        return Runtime.getRuntime().availableProcessors() + " processors" + model() + ", "
                + System.getProperty("os.name") + " " + System.getProperty("os.arch") + ", Java "
                + System.getProperty("java.version");
    }

    private static String model() {
        try {
            return Files.readAllLines(PROCESSORS).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> " (" + line.substring(line.indexOf(':') + 1).strip() + ")")
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            // Only Linux has the file.
            return "";
        }
    }
}
