package org.donotanswer.spark;

import org.apache.spark.sql.SparkSession;

/** One Spark in the process of the tests, which ends with it. Thread-safe. */
final class LocalSpark {
    private static final SparkSession SESSION = SparkSession.builder()
            // Failed tasks are repeated, as on a cluster, and for longer than it takes to cancel a job.
            .master("local[2,200]")
            .appName("tests")
            .config("spark.ui.enabled", false)
            .config("spark.sql.shuffle.partitions", 2)
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.warehouse.dir", "target/warehouse")
            .config("spark.sql.extensions", DnaSparkExtensions.class.getName())
            .getOrCreate();

    private LocalSpark() {}

    /** Returns a session with its own functions and settings. */
    static SparkSession newSession() {
        return SESSION.newSession();
    }
}
