package org.donotanswer.guard.langchain4j;

/** Finds out how the framework came to call a guardrail, which no request tells. */
final class Callers {
    private static final StackWalker WALKER = StackWalker.getInstance();

    private Callers() {}

    /**
     * Returns whether the answer of a stream is judged. The call stack tells: the nearest of the framework's two callers is either
     * the handler of a stream, which still holds the tokens and hands them on after any success, or the proxy of a service.
     */
    static boolean isStreaming() {
        return WALKER.walk(frames -> frames.map(StackWalker.StackFrame::getClassName)
                .filter(name -> isStreamHandler(name) || isService(name))
                .findFirst()
                .map(Callers::isStreamHandler)
                .orElse(false));
    }

    private static boolean isStreamHandler(String className) {
        return className.endsWith("ServiceStreamingResponseHandler");
    }

    private static boolean isService(String className) {
        return className.contains("AiServices$");
    }
}
