package org.donotanswer.guard.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.SafetyGuard;
import org.junit.jupiter.api.Test;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;
import org.reactivestreams.tck.flow.IdentityFlowProcessorVerification;
import org.testng.ITestResult;
import org.testng.TestListenerAdapter;
import org.testng.TestNG;

/** Runs the Reactive Streams TCK, which consists of TestNG tests, and fails if they do. */
class ReactiveStreamsTckTest {
    private static final StreamGuard STREAMS = StreamGuard.builder()
            .guard(SafetyGuard.of(new MarkerEvaluator("never")))
            .minimumStep(1)
            .overlap(0)
            .build();

    @Test
    void processor_asIdentity_obeysTheSpecification() {
        assertThat(failures(Identity.class)).isEmpty();
    }

    @Test
    void processor_asSubscriber_obeysTheSpecification() {
        assertThat(failures(Blackbox.class)).isEmpty();
    }

    private static List<String> failures(Class<?> verification) {
        TestListenerAdapter results = new TestListenerAdapter();
        TestNG testNg = new TestNG(false);
        testNg.setTestClasses(new Class<?>[] {verification});
        testNg.addListener(results);
        testNg.run();
        assertThat(results.getPassedTests()).hasSizeGreaterThan(10);
        List<String> failures = new ArrayList<>();
        for (ITestResult failed : results.getFailedTests()) {
            failures.add(failed.getName() + ": " + failed.getThrowable());
        }
        return failures;
    }

    /** Each line of one word is a window, so that every element that goes in comes out. */
    public static final class Identity extends IdentityFlowProcessorVerification<String> {
        private final ExecutorService executor = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        });

        public Identity() {
            super(new TestEnvironment(500, 50));
        }

        @Override
        protected Flow.Processor<String, String> createIdentityFlowProcessor(int bufferSize) {
            return STREAMS.processor(Conversation.unknown());
        }

        @Override
        protected Flow.Publisher<String> createFailedFlowPublisher() {
            GuardedProcessor processor = STREAMS.processor(Conversation.unknown());
            processor.onError(new IllegalStateException("failed"));
            return processor;
        }

        @Override
        public ExecutorService publisherExecutorService() {
            return executor;
        }

        @Override
        public String createElement(int element) {
            return element + "\n";
        }

        @Override
        public long maxSupportedSubscribers() {
            return 1;
        }
    }

    /**
     * The processor as the subscriber of a publisher; a subscriber that requests everything subscribes to it in turn.
     */
    public static final class Blackbox extends FlowSubscriberBlackboxVerification<String> {
        public Blackbox() {
            super(new TestEnvironment(500, 50));
        }

        @Override
        public Flow.Subscriber<String> createFlowSubscriber() {
            GuardedProcessor processor = STREAMS.processor(Conversation.unknown());
            processor.subscribe(new DemandingSubscriber());
            return processor;
        }

        @Override
        public String createElement(int element) {
            return element + "\n";
        }
    }

    private static final class DemandingSubscriber implements Flow.Subscriber<String> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String item) {}

        @Override
        public void onError(Throwable error) {}

        @Override
        public void onComplete() {}
    }
}
