package org.donotanswer.guard.springboot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.donotanswer.guard.GuardListener;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.audit.AuditLog;
import org.donotanswer.guard.micrometer.DefaultGuardObservationConvention;
import org.donotanswer.guard.micrometer.GuardMetrics;
import org.donotanswer.guard.micrometer.GuardObservationConvention;
import org.donotanswer.guard.micrometer.GuardObservations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.config.DestructionAwareBeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.core.io.support.SpringFactoriesLoader;

class MonitoringPropertiesTest {
    private static final String QUESTION = "What is the capital of Portugal?";
    private static final String ANSWER = "The capital of Portugal is Lisbon.";
    private static final String KEY = Base64.getEncoder()
            .encodeToString("a key for tests alone, of 40 bytes or so".getBytes(StandardCharsets.UTF_8));

    @TempDir
    Path folder;

    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(SafetyGuardAutoConfiguration.class));

    private static void check(ApplicationContext context) {
        assertThat(context.getBean(SafetyGuard.class).check(QUESTION, ANSWER).isChecked())
                .isTrue();
    }

    private static List<JsonNode> lines(Path file) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            lines.add(new ObjectMapper().readTree(line));
        }
        return lines;
    }

    private Path file() {
        return folder.resolve("audit.jsonl");
    }

    private ApplicationContextRunner withAudit(String... properties) {
        return runner.withPropertyValues("donotanswer.guard.audit.file=" + file())
                .withPropertyValues(Stream.of(properties)
                        .map(each -> "donotanswer.guard.audit." + each)
                        .toArray(String[]::new));
    }

    @Test
    void auditFile_isWrittenUntilTheContextIsClosed() throws IOException {
        withAudit().run(MonitoringPropertiesTest::check);
        withAudit().run(MonitoringPropertiesTest::check);
        List<JsonNode> lines = lines(file());
        assertThat(lines).extracting(line -> line.at("/outcome").textValue()).containsExactly("ALLOW", "ALLOW");
        assertThat(lines)
                .extracting(line -> line.at("/response/hmac").textValue())
                .doesNotHaveDuplicates();
        assertThat(Files.readString(file())).doesNotContain("Portugal", "Lisbon");
    }

    @Test
    void auditFile_asUrl_isWritten() throws IOException {
        runner.withPropertyValues("donotanswer.guard.audit.file=file:" + file()).run(MonitoringPropertiesTest::check);
        assertThat(lines(file())).hasSize(1);
    }

    @Test
    void auditKey_asPropertyOrFile_givesTheSameHashes() throws IOException {
        Path keyFile = Files.writeString(folder.resolve("key"), KEY + "\n");
        withAudit("key=" + KEY).run(MonitoringPropertiesTest::check);
        withAudit("key-file=" + keyFile).run(MonitoringPropertiesTest::check);
        withAudit("key=${AUDIT_KEY}").withPropertyValues("AUDIT_KEY=" + KEY).run(MonitoringPropertiesTest::check);
        assertThat(lines(file()))
                .hasSize(3)
                .extracting(line -> line.at("/response/hmac").textValue())
                .containsOnly(lines(file()).get(0).at("/response/hmac").textValue());
    }

    @Test
    void auditPlainTexts_writesTexts() throws IOException {
        withAudit("plain-texts=true", "queue=3").run(MonitoringPropertiesTest::check);
        assertThat(lines(file()).get(0).toString()).contains(QUESTION, ANSWER);
    }

    @Test
    void auditLog_isClosedAfterTheGuard() {
        List<String> destroyed = new ArrayList<>();
        withAudit()
                .withBean(DestructionAwareBeanPostProcessor.class, () -> (bean, name) -> destroyed.add(name))
                .run(MonitoringPropertiesTest::check);
        assertThat(destroyed).containsSubsequence("safetyGuard", "guardAuditLog");
    }

    @Test
    void auditLog_ofTheApplication_isUsedOnce() throws IOException {
        Path own = folder.resolve("own.jsonl");
        withAudit().withBean(AuditLog.class, () -> open(own)).run(context -> {
            assertThat(context).hasSingleBean(AuditLog.class);
            check(context);
        });
        assertThat(lines(own)).hasSize(1);
        assertThat(file()).doesNotExist();
    }

    private static AuditLog open(Path file) {
        try {
            return AuditLog.open(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "audit.queue=7|audit.file must be set if other properties of the audit log are, but was not",
                "audit.file=|audit.file must be the path of a file, but was ''",
                "audit.file=classpath:audit.jsonl|audit.file must be the path of a file, but was 'classpath:audit.jsonl'",
                "audit.file=https://localhost/a|audit.file must be the path of a file, but was 'https://localhost/a'",
                "audit.file=${AUDIT_FILE}|audit.file must have a value, but was a placeholder that stands for none",
                "audit.file=target/none/audit.jsonl|audit.file must be a file that can be written, but was"
                        + " target/none/audit.jsonl: java.nio.file.NoSuchFileException: target/none/audit.jsonl",
                "metrics.enabled=true|metrics.enabled requires a bean of type MeterRegistry, but there was none (Spring"
                        + " Boot's Actuator defines one)",
                "observations.enabled=true|observations.enabled requires a bean of type ObservationRegistry, but there was"
                        + " none (Spring Boot's Actuator defines one)",
            })
    void property_thatCannotBeMet_preventsTheStart(String property, String message) {
        runner.withPropertyValues("donotanswer.guard." + property)
                .run(context ->
                        assertThat(analysis(context).getDescription()).isEqualTo("donotanswer.guard." + message));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "queue=0|queue: queue must be positive, but was 0",
                "key=c2hvcnQ=|key: key must have at least 16 bytes, but had 5",
                "key=pass-phrase-of-mine|key must be a key in Base64, as \"openssl rand -base64 32\" prints it, but was not",
                "key=${AUDIT_KEY}|key must have a value, but was a placeholder that stands for none",
                "key-file=target/none|key-file must be readable, but was target/none:"
                        + " java.nio.file.NoSuchFileException: target/none",
            })
    void auditProperty_wrong_preventsTheStart(String property, String message) {
        withAudit(property).run(context -> assertThat(analysis(context).getDescription())
                .isEqualTo("donotanswer.guard.audit." + message));
    }

    @Test
    void auditKeys_contradictory_preventTheStart() {
        withAudit("key=" + KEY, "key-file=key").run(context -> assertThat(
                        analysis(context).getDescription())
                .isEqualTo(
                        "donotanswer.guard.audit.key must be set, or donotanswer.guard.audit.key-file, but both were"));
        withAudit("key=" + KEY, "plain-texts=true").run(context -> assertThat(
                        analysis(context).getDescription())
                .isEqualTo("donotanswer.guard.audit.key: texts must be plain or hashed with a key, but were both"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"key=Secret-%&", "key=U2VjcmV0", "keyy=Secret", "key.value=Secret"})
    void auditKey_wrong_isNeverShown(String property) {
        withAudit(property).run(context -> {
            FailureAnalysis analysis = analysis(context);
            assertThat(analysis.getDescription() + analysis.getAction() + messages(context.getStartupFailure()))
                    .contains("donotanswer.guard.audit.key")
                    .doesNotContain("Secret")
                    .doesNotContain("U2VjcmV0");
        });
        assertThat(new GuardProperties.AuditProperties("a", "Secret", null, false, null))
                .hasToString("AuditProperties[file=a, key=given, keyFile=null, plainTexts=false, queue=null]");
    }

    private static FailureAnalysis analysis(AssertableApplicationContext context) {
        assertThat(context).hasFailed();
        return Objects.requireNonNull(new GuardPropertyFailureAnalyzer().analyze(context.getStartupFailure()));
    }

    private static String messages(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .map(String::valueOf)
                .reduce("", (one, other) -> one + "\n" + other);
    }

    @Test
    void analyzer_comesBeforeSpringBootsOwn() {
        List<FailureAnalyzer> analyzers = SpringFactoriesLoader.forDefaultResourceLocation(
                        getClass().getClassLoader())
                .load(
                        FailureAnalyzer.class,
                        SpringFactoriesLoader.FailureHandler.handleMessage((message, failure) -> {}));
        assertThat(analyzers.get(0)).isInstanceOf(GuardPropertyFailureAnalyzer.class);
    }

    private static double verdicts(MeterRegistry registry) {
        return registry.find(GuardMetrics.VERDICTS).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    @Test
    void metrics_haveTheirPropertiesAndWatchTheAuditLog() {
        withAudit()
                .withBean(SimpleMeterRegistry.class)
                .withPropertyValues(
                        "donotanswer.guard.metrics.enabled=true",
                        "donotanswer.guard.metrics.tags.guard=main",
                        "donotanswer.guard.metrics.histogram=false",
                        "donotanswer.guard.metrics.objectives=50ms,1s")
                .run(context -> {
                    check(context);
                    assertThat(context.getBean(AuditLog.class).flush(Duration.ofSeconds(30)))
                            .isTrue();
                    MeterRegistry registry = context.getBean(MeterRegistry.class);
                    assertThat(registry.get(GuardMetrics.JUDGEMENTS)
                                    .tag("guard", "main")
                                    .timer()
                                    .takeSnapshot()
                                    .histogramCounts())
                            .extracting(bucket -> bucket.bucket() / 1e6)
                            .containsExactly(50.0, 1000.0);
                    assertThat(registry.get(GuardMetrics.AUDIT_LINES)
                                    .tags("guard", "main", "result", "written")
                                    .functionCounter()
                                    .count())
                            .isEqualTo(1);
                });
    }

    @Test
    void metrics_switchedOff_areNotCounted() {
        runner.withBean(SimpleMeterRegistry.class)
                .withPropertyValues("donotanswer.guard.metrics.enabled=false")
                .run(context -> {
                    check(context);
                    assertThat(context.getBean(MeterRegistry.class).getMeters()).isEmpty();
                });
    }

    @Test
    void metrics_severalRegistries_areCountedInEach() {
        runner.withBean("one", SimpleMeterRegistry.class)
                .withBean("two", SimpleMeterRegistry.class)
                .run(context -> {
                    check(context);
                    assertThat(context.getBeansOfType(MeterRegistry.class).values())
                            .hasSize(2)
                            .allSatisfy(
                                    registry -> assertThat(verdicts(registry)).isEqualTo(1));
                });
    }

    @Test
    void metrics_ofTheApplication_areCountedOnce() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        ApplicationContextRunner withRegistry = runner.withBean(MeterRegistry.class, () -> registry);
        withRegistry
                .withBean(GuardMetrics.class, () -> GuardMetrics.of(registry))
                .run(context -> {
                    assertThat(context).hasSingleBean(GuardMetrics.class);
                    check(context);
                });
        assertThat(verdicts(registry)).isEqualTo(1);
        withRegistry
                .withBean("metrics", GuardListener.class, () -> GuardMetrics.of(registry))
                .run(MonitoringPropertiesTest::check);
        assertThat(verdicts(registry)).isEqualTo(2);
        withRegistry
                .withBean("guardMetrics", GuardListener.class, () -> GuardMetrics.of(registry))
                .run(MonitoringPropertiesTest::check);
        assertThat(verdicts(registry)).isEqualTo(3);
    }

    private static ObservationRegistry registry(List<String> names) {
        ObservationRegistry registry = ObservationRegistry.create();
        registry.observationConfig().observationHandler(new ObservationHandler<Observation.Context>() {
            @Override
            public void onStop(Observation.Context context) {
                names.add(context.getName());
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }
        });
        return registry;
    }

    @Test
    void observations_switchedOn_observeEveryCheck() {
        List<String> names = new ArrayList<>();
        ApplicationContextRunner withRegistry = runner.withBean(ObservationRegistry.class, () -> registry(names));
        withRegistry.run(MonitoringPropertiesTest::check);
        assertThat(names).isEmpty();
        ApplicationContextRunner observing =
                withRegistry.withPropertyValues("donotanswer.guard.observations.enabled=true");
        observing.run(MonitoringPropertiesTest::check);
        observing.withBean(GuardObservationConvention.class, OwnConvention::new).run(MonitoringPropertiesTest::check);
        assertThat(names).containsExactly(DefaultGuardObservationConvention.NAME, "own.name");
    }

    private static final class OwnConvention extends DefaultGuardObservationConvention {
        @Override
        public String getName() {
            return "own.name";
        }
    }

    @Test
    void observations_ofTheApplication_areMadeOnce() {
        List<String> names = new ArrayList<>();
        ObservationRegistry registry = registry(names);
        runner.withBean(ObservationRegistry.class, () -> registry)
                .withBean("own", GuardListener.class, () -> GuardObservations.of(registry))
                .withPropertyValues("donotanswer.guard.observations.enabled=true")
                .run(MonitoringPropertiesTest::check);
        assertThat(names).hasSize(1);
    }

    @Test
    void properties_withoutMicrometer_areReportedOnlyIfTheyAskForIt() {
        ApplicationContextRunner without = runner.withClassLoader(new FilteredClassLoader("io.micrometer.core"));
        withAudit().withClassLoader(new FilteredClassLoader("io.micrometer")).run(MonitoringPropertiesTest::check);
        without.withPropertyValues("donotanswer.guard.metrics.enabled=false").run(MonitoringPropertiesTest::check);
        without.withPropertyValues("donotanswer.guard.metrics.enabled=true").run(context -> assertThat(
                        analysis(context).getDescription())
                .isEqualTo("donotanswer.guard.metrics.enabled requires a bean of type MeterRegistry, but there was none"
                        + " (Spring Boot's Actuator defines one)"));
    }
}
