package org.donotanswer.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.donotanswer.classifier.embedded.EmbeddedEvaluator;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.junit.jupiter.api.Test;

class DefaultEncoderTest {
    private static final DefaultEncoder.Opener UNSUPPORTED = () -> {
        throw new IllegalStateException("native library must be one of this platform, but none could be loaded");
    };

    private final AtomicBoolean said = new AtomicBoolean();

    @Test
    void open_encoderRuns_isTheEncoder() throws IOException {
        for (String fallback : new String[] {null, "embedded"}) {
            try (EncoderEvaluator encoder = TestEvaluators.of(FakeForwardPass.ofTokens(), TestStages.average())) {
                assertThat(DefaultEncoder.open(() -> encoder, fallback, said)).isSameAs(encoder);
            }
        }
        assertThat(said).isFalse();
    }

    @Test
    void open_encoderCannotRun_throwsUnlessTheApplicationWantsAnother() {
        assertThatIllegalStateException()
                .isThrownBy(() -> DefaultEncoder.open(UNSUPPORTED, null, said))
                .withMessage("native library must be one of this platform, but none could be loaded");
        assertThat(said).isFalse();
    }

    @Test
    void open_fallback_isTheEmbeddedJudgeAndSaidOnce() throws IOException {
        StringBuilder log = new StringBuilder();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                log.append(new SimpleFormatter().formatMessage(record)).append('\n');
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger(DefaultEncoder.class.getName());
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        String name;
        try {
            try (SafetyEvaluator first = DefaultEncoder.open(UNSUPPORTED, "embedded", said);
                    SafetyEvaluator second = DefaultEncoder.open(UNSUPPORTED, "embedded", said)) {
                assertThat(first).isInstanceOf(EmbeddedEvaluator.class);
                assertThat(second).isInstanceOf(EmbeddedEvaluator.class).isNotSameAs(first);
                name = first.name();
            }
        } finally {
            logger.removeHandler(handler);
            logger.setUseParentHandlers(true);
        }

        assertThat(log)
                .hasToString("encoder cannot run here, so that " + name + " evaluates alone, as the system property"
                        + " donotanswer.encoder.fallback says: native library must be one of this platform, but none"
                        + " could be loaded\n");
    }

    @Test
    void open_unknownFallback_isRefusedWhetherOrNotItIsNeeded() {
        assertThatIllegalStateException()
                .isThrownBy(() -> DefaultEncoder.open(TestEvaluators::embeddedEvaluator, "embeded", said))
                .withMessage("system property donotanswer.encoder.fallback must be embedded, but was 'embeded'");
    }
}
