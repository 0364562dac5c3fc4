package org.donotanswer.guard.stream;

import java.util.ArrayList;
import java.util.List;
import org.donotanswer.guard.Verdict;

/** Records its calls, and checks that nothing follows the end. Not thread-safe. */
class RecordingStreamListener implements StreamListener {
    final List<String> texts = new ArrayList<>();
    final List<Verdict> finished = new ArrayList<>();
    final List<Verdict> blocked = new ArrayList<>();
    final List<Throwable> errors = new ArrayList<>();

    String text() {
        return String.join("", texts);
    }

    int ends() {
        return finished.size() + blocked.size() + errors.size();
    }

    /** The end of the stream, in one word with its reason. */
    String end() {
        if (ends() != 1) {
            return ends() + " ends";
        }
        return !errors.isEmpty()
                ? "error"
                : finished.isEmpty()
                        ? "blocked " + blocked.get(0).reason()
                        : "finished " + finished.get(0).reason();
    }

    @Override
    public void onText(String text) {
        requireOpen();
        if (text.isEmpty()) {
            throw new AssertionError("text must not be empty");
        }
        texts.add(text);
    }

    @Override
    public void onFinished(Verdict verdict) {
        requireOpen();
        finished.add(verdict);
    }

    @Override
    public void onBlocked(Verdict verdict) {
        requireOpen();
        blocked.add(verdict);
    }

    @Override
    public void onError(Throwable error) {
        requireOpen();
        errors.add(error);
    }

    private void requireOpen() {
        if (ends() > 0) {
            throw new AssertionError("nothing must follow the end");
        }
    }
}
