package org.donotanswer.guard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Publisher;
import org.yaml.snakeyaml.Yaml;
import reactor.core.publisher.Flux;

/** Compiles modular applications and runs each in its own Java process, with no option but the module path. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ModularApplicationTest {
    private static final Path APPLICATIONS = Path.of("src", "it", "modular-application");
    private static final List<Class<?>> OPTIONAL = List.of(
            ObjectMapper.class,
            JsonParser.class,
            YAMLFactory.class,
            Yaml.class,
            Caffeine.class,
            Flux.class,
            Publisher.class);

    /** The guard, the embedded evaluator and their mandatory dependencies. */
    private static final List<Path> MODULES = new ArrayList<>();

    @TempDir
    private static Path directory;

    @BeforeAll
    static void findModules() throws Exception {
        Class<?> embedded;
        try (SafetyEvaluator evaluator = SafetyEvaluator.create()) {
            embedded = evaluator.getClass();
        }
        MODULES.addAll(locations(List.of(SafetyEvaluator.class, JsonCreator.class)));
        MODULES.add(jar(SafetyGuard.class, "Multi-Release", "true"));
        MODULES.add(jar(embedded, "Automatic-Module-Name", "org.donotanswer.classifier"));
    }

    private static Path location(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static List<Path> locations(List<Class<?>> types) throws URISyntaxException {
        List<Path> locations = new ArrayList<>();
        for (Class<?> type : types) {
            locations.add(location(type));
        }
        return locations;
    }

    /**
     * Returns the jar of a class. Before the package phase there is only a directory: then a jar with the given
     * attribute is made.
     */
    private static Path jar(Class<?> type, String attribute, String value) throws Exception {
        Path classes = location(type);
        if (Files.isRegularFile(classes)) {
            return classes;
        }
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue(attribute, value);
        Path file = directory.resolve(type.getSimpleName() + ".jar");
        try (Stream<Path> content = Files.walk(classes);
                OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            for (Path each : content.filter(Files::isRegularFile).toList()) {
                jar.putNextEntry(
                        new JarEntry(classes.relativize(each).toString().replace('\\', '/')));
                Files.copy(each, jar);
                jar.closeEntry();
            }
        }
        return file;
    }

    /** Returns the output of the application. */
    private static String run(String application, List<Path> available, Path... arguments) throws Exception {
        Path classes = directory.resolve(application);
        String modulePath = Stream.concat(available.stream(), Stream.of(classes))
                .map(Path::toString)
                .collect(Collectors.joining(System.getProperty("path.separator")));
        Path sources = APPLICATIONS.resolve(application);
        int compiled = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(
                        System.out,
                        System.err,
                        "--module-path",
                        modulePath,
                        "-d",
                        classes.toString(),
                        sources.resolve("module-info.java").toString(),
                        sources.resolve("app").resolve("Main.java").toString());
        assertThat(compiled).as("javac of %s", application).isZero();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--module-path",
                modulePath,
                "--module",
                application.replace('-', '.') + "/app.Main"));
        for (Path argument : arguments) {
            command.add(argument.toString());
        }
        Path output = directory.resolve(application + ".txt");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("ended in time").isTrue();
        } finally {
            process.destroyForcibly();
        }
        String printed = Files.readString(output, StandardCharsets.UTF_8).replace("\r\n", "\n");
        assertThat(process.exitValue()).as(printed).isZero();
        return printed;
    }

    private static Path policy(String name) throws IOException {
        Path file = directory.resolve(name);
        SafetyPolicy.parse("{\"default\": {\"block\": 0.75}}").write(file);
        return file;
    }

    @Test
    void guardAlone_isEnoughForEvaluatorAndStreams() throws Exception {
        assertThat(run("minimal", MODULES))
                .contains("checked: ALLOW\n")
                .contains("streamed: It is Paris.\n")
                .contains("modules: module org.donotanswer.guard, module org.donotanswer.core\n");
    }

    @Test
    void withoutOptionalDependencies_whatNeedsThemNamesTheArtifact() throws Exception {
        assertThat(run("minimal", MODULES, policy("a.json"), policy("b.yaml")))
                .contains(failure(
                        "a policy in JSON",
                        "com.fasterxml.jackson.core:jackson-databind",
                        "com.fasterxml.jackson.databind"))
                .contains(failure(
                        "a policy in YAML",
                        "com.fasterxml.jackson.dataformat:jackson-dataformat-yaml",
                        "com.fasterxml.jackson.dataformat.yaml"))
                .contains(failure(
                        "an audit log",
                        "com.fasterxml.jackson.core:jackson-databind",
                        "com.fasterxml.jackson.databind"))
                .contains(failure("a cache", "com.github.ben-manes.caffeine:caffeine", "com.github.benmanes.caffeine"));
    }

    private static String failure(String feature, String artifact, String module) {
        return "failed: " + feature + " requires " + artifact
                + ", but it was not found (add the artifact and, to a modular application, \"requires " + module
                + "\")\n";
    }

    @Test
    void optionalDependencies_thatTheApplicationRequires_areUsed() throws Exception {
        List<Path> all = new ArrayList<>(MODULES);
        all.addAll(locations(OPTIONAL));
        assertThat(run("optional", all, policy("a.json"), policy("b.yaml")))
                .contains("policy: 0.75\npolicy: 0.75\n")
                .contains("logged: ")
                .contains("cached: true\n")
                .contains("flux: It is Paris.\n");
    }
}
