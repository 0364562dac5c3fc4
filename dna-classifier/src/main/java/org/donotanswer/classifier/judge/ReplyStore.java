package org.donotanswer.classifier.judge;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Where replies are kept, by key. Implementations are thread-safe. */
interface ReplyStore {
    /** Returns the reply of a key, if it is kept. */
    Optional<JudgeReply> find(String key);

    /** Keeps a reply. */
    void keep(JudgeReply reply) throws IOException;

    /** Returns a store in memory, of the replies last used. */
    static ReplyStore inMemory() {
        return new InMemory();
    }

    /** The last replies used. */
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
