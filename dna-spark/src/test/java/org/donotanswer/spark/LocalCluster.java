package org.donotanswer.spark;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A standalone cluster on the loopback: a master and workers with one core each, all processes of their own. Not thread-safe. */
final class LocalCluster implements AutoCloseable {
    private static final Pattern SHIPPED = Pattern.compile("dna-(?!.*-tests)|onnxruntime|tokenizers|api-|langchain4j");

    private final Path sparkHome;
    private final List<String> jars = new ArrayList<>();
    private final String url;
    private final ClusterProcess master;
    private final List<ClusterProcess> workers = new ArrayList<>();

    private LocalCluster(Path directory) throws IOException {
        sparkHome = directory.resolve("spark");
        Path libraries = Files.createDirectories(sparkHome.resolve("jars"));
        Path application = Files.createDirectories(directory.resolve("application"));
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path path = Path.of(entry).toAbsolutePath();
            if (isShipped(path)) {
                jars.add(jar(path, application).toString());
            } else if (entry.endsWith(".jar") && !entry.contains("junit") && !entry.contains("surefire")) {
                Files.createSymbolicLink(libraries.resolve(path.getFileName()), path);
            }
        }
        int port = freePort();
        url = "spark://127.0.0.1:" + port;
        master = ClusterProcess.start(
                sparkHome,
                "I have been elected leader",
                "org.apache.spark.deploy.master.Master",
                List.of("--host", "127.0.0.1", "--port", Integer.toString(port), "--webui-port", "0"));
    }

    /** Starts a cluster of as many workers as asked for. */
    static LocalCluster start(Path directory, int workers) throws IOException, InterruptedException {
        LocalCluster cluster = new LocalCluster(directory);
        try {
            cluster.master.awaitReady();
            for (int i = 0; i < workers; i++) {
                cluster.workers.add(ClusterProcess.start(
                        cluster.sparkHome,
                        "Successfully registered with master",
                        "org.apache.spark.deploy.worker.Worker",
                        List.of(
                                "--host",
                                "127.0.0.1",
                                "--cores",
                                "1",
                                "--memory",
                                "1g",
                                "--webui-port",
                                "0",
                                "--work-dir",
                                directory.resolve("work" + i).toString(),
                                cluster.url)));
            }
            for (ClusterProcess worker : cluster.workers) {
                worker.awaitReady();
            }
            return cluster;
        } catch (IOException | InterruptedException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /** Submits {@link EvaluateFiles}, as docs/scale.md says, with further options of Spark's. */
    ClusterProcess submit(List<String> options, List<String> arguments) throws IOException {
        String own = jars.stream()
                .filter(jar -> jar.contains("dna-spark"))
                .findFirst()
                .orElseThrow();
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of(
                "--master",
                url,
                "--class",
                EvaluateFiles.class.getName(),
                "--conf",
                "spark.ui.enabled=false",
                "--conf",
                "spark.driver.bindAddress=127.0.0.1",
                "--conf",
                "spark.driver.host=127.0.0.1",
                "--executor-memory",
                "768m",
                "--jars",
                String.join(",", jars.stream().filter(jar -> !jar.equals(own)).toList()),
                own));
        all.addAll(arguments);
        return ClusterProcess.start(sparkHome, "Submitted application", "org.apache.spark.deploy.SparkSubmit", all);
    }

    ClusterProcess worker(int index) {
        return workers.get(index);
    }

    /** Returns the most memory, resident, that an executor that is alive has had; 0 if there is none or Linux does not tell. */
    long peakExecutorBytes() throws IOException {
        long peak = 0;
        for (ClusterProcess worker : workers) {
            for (long pid : worker.startedProcesses()) {
                peak = Math.max(peak, peakBytes(Path.of("/proc", Long.toString(pid), "status")));
            }
        }
        return peak;
    }

    private static long peakBytes(Path status) throws IOException {
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (NoSuchFileException | UncheckedIOException e) {
            // It has ended, before or while it was read.
            return 0;
        }
    }

    @Override
    public void close() {
        workers.forEach(ClusterProcess::close);
        master.close();
    }

    /** Returns whether a cluster has it only if it is shipped: a module, or what the encoder runs on. */
    private static boolean isShipped(Path path) {
        return Files.isDirectory(path)
                ? path.endsWith("target/classes")
                : SHIPPED.matcher(path.getFileName().toString()).lookingAt();
    }

    /** Returns the jar of a module; builds it if there are only its classes. */
    private static Path jar(Path module, Path directory) throws IOException {
        if (!Files.isDirectory(module)) {
            return module;
        }
        Path jar = directory.resolve(module.getParent().getParent().getFileName() + ".jar");
        try (Stream<Path> files = Files.walk(module);
                OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                entries.putNextEntry(
                        new JarEntry(module.relativize(file).toString().replace(File.separatorChar, '/')));
                Files.copy(file, entries);
                entries.closeEntry();
            }
        }
        return jar;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
