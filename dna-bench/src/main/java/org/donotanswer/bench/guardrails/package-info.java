/** What guardrails cost: guards beside their evaluators, streams beside one evaluation, and many streams at a time. */
@NullMarked
package org.donotanswer.bench.guardrails;

import org.jspecify.annotations.NullMarked;
