package org.donotanswer.classifier.judge;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A cache of replies. Implementations are thread-safe. */
interface ReplyStore {
    /** Returns the cached reply of a key, if there is one. */
    Optional<JudgeReply> find(String key);

    /**
     * Caches a reply under its key.
     *
     * @throws IOException if it cannot be written
     */
    void keep(JudgeReply reply) throws IOException;

    /** Returns a store that keeps the most recently used replies in memory. */
    static ReplyStore inMemory() {
        return new InMemory();
    }

    /** Keeps the most recently used replies in memory. */
    final class InMemory implements ReplyStore {
        private static final int CAPACITY = 4_096;

        private final Map<String, JudgeReply> replies = Collections.synchronizedMap(new LeastRecentlyUsed());

        @Override
        public Optional<JudgeReply> find(String key) {
            return Optional.ofNullable(replies.get(key));
        }

        @Override
        public void keep(JudgeReply reply) {
            replies.put(reply.key(), reply);
        }

        private static final class LeastRecentlyUsed extends LinkedHashMap<String, JudgeReply> {
            private static final long serialVersionUID = 1L;

            LeastRecentlyUsed() {
                super(16, 0.75f, true);
            }

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, JudgeReply> eldest) {
                return size() > CAPACITY;
            }
        }
    }
}
