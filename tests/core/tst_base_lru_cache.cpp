// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// LruCache: what stays, what goes, and that threads may share it. Fingerprint: its keys.
#include "core/base/fingerprint.h"
#include "core/base/lru_cache.h"

#include <QTest>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace qs;

class TestLruCache : public QObject
{
    Q_OBJECT

    using Cache = LruCache<int, std::string>;
    static constexpr std::size_t kEach = 1000;

    /// For `count` entries of kEach bytes.
    static std::size_t budgetOf(std::size_t count) { return count * (kEach + Cache::kEntryBytes); }

    static std::string keysIn(Cache &cache, int most)
    {
        std::string keys;
        for (int key = 0; key < most; ++key) {
            if (cache.find(key))
                keys += std::to_string(key);
        }
        return keys;
    }

private slots:
    void leastRecentlyUsedGoesFirst_data()
    {
        QTest::addColumn<QList<int>>("used");
        QTest::addColumn<std::string>("left");
        QTest::newRow("nothing was asked for: the oldest goes") << QList<int>{} << std::string("123");
        QTest::newRow("the oldest was asked for: the second goes") << QList<int>{0} << std::string("023");
        QTest::newRow("all in order: the oldest goes") << QList<int>{0, 1, 2} << std::string("123");
        QTest::newRow("all backwards: the newest goes") << QList<int>{2, 1, 0} << std::string("013");
        QTest::newRow("asking for what is not there changes nothing") << QList<int>{7} << std::string("123");
    }

    void leastRecentlyUsedGoesFirst()
    {
        QFETCH(QList<int>, used);
        QFETCH(std::string, left);
        Cache cache(budgetOf(3));
        for (int key = 0; key < 3; ++key)
            cache.store(key, "value", kEach);
        for (int key : used)
            cache.find(key);
        cache.store(3, "value", kEach);
        QCOMPARE(keysIn(cache, 10), left);
    }

    void severalGoForALargeOne()
    {
        Cache cache(budgetOf(4));
        for (int key = 0; key < 4; ++key)
            cache.store(key, "value", kEach);
        cache.store(4, "large", 2 * kEach + Cache::kEntryBytes); // takes the place of two
        QCOMPARE(keysIn(cache, 10), std::string("234"));
    }

    void tooLargeIsNotKept()
    {
        Cache cache(budgetOf(4), budgetOf(1));
        cache.store(0, "value", kEach);
        cache.store(1, "too large", kEach + 1);
        QCOMPARE(keysIn(cache, 10), std::string("0"));
    }

    void firstValueStays()
    {
        Cache cache(budgetOf(2));
        cache.store(0, "first", kEach);
        cache.store(0, "second", kEach);
        QCOMPARE(cache.find(0).value(), std::string("first"));
        cache.store(1, "other", kEach);
        QCOMPARE(keysIn(cache, 10), std::string("01")); // the same key is counted once
    }

    void goneValuesComeBack()
    {
        Cache cache(budgetOf(1));
        for (int round = 0; round < 3; ++round) {
            for (int key = 0; key < 2; ++key) {
                QVERIFY(!cache.find(key));
                cache.store(key, std::to_string(10 * round + key), kEach);
                QCOMPARE(cache.find(key).value(), std::to_string(10 * round + key));
            }
        }
    }

    void valuesOutliveTheirEntry()
    {
        LruCache<int, std::shared_ptr<const std::string>> cache(200);
        cache.store(0, std::make_shared<const std::string>("held"), 0);
        const auto held = cache.find(0).value();
        for (int key = 1; key < 10; ++key)
            cache.store(key, std::make_shared<const std::string>("other"), 0);
        QVERIFY(!cache.find(0));
        QCOMPARE(*held, std::string("held"));
    }

    void threadsShareIt()
    {
        Cache cache(budgetOf(50));
        std::vector<std::thread> threads;
        std::vector<int> wrong(4);
        for (int thread = 0; thread < 4; ++thread) {
            threads.emplace_back([&, thread] {
                for (int i = 0; i < 5000; ++i) {
                    const int key = (i * 7 + thread) % 100;
                    if (const auto found = cache.find(key))
                        wrong[thread] += *found != std::to_string(key);
                    else
                        cache.store(key, std::to_string(key), kEach);
                }
            });
        }
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(wrong, std::vector<int>(4));
        QCOMPARE(keysIn(cache, 100).empty(), false);
    }

    void fingerprintsTellSequencesApart_data()
    {
        QTest::addColumn<QStringList>("one");
        QTest::addColumn<QStringList>("other");
        QTest::newRow("another order") << QStringList{"a", "b"} << QStringList{"b", "a"};
        QTest::newRow("cut elsewhere") << QStringList{"ab", "c"} << QStringList{"a", "bc"};
        QTest::newRow("one more empty text") << QStringList{"a"} << QStringList{"a", ""};
        QTest::newRow("nothing and an empty text") << QStringList{} << QStringList{""};
        QTest::newRow("twice") << QStringList{"a"} << QStringList{"a", "a"};
    }

    void fingerprintsTellSequencesApart()
    {
        QFETCH(QStringList, one);
        QFETCH(QStringList, other);
        const auto of = [](const QStringList &texts) {
            Fingerprint fingerprint;
            for (const QString &text : texts)
                fingerprint.add(std::string_view(text.toStdString()));
            return fingerprint;
        };
        QVERIFY(of(one) == of(one));
        QVERIFY(!(of(one) == of(other)));
    }

    void fingerprintsOfNumbers()
    {
        std::vector<Fingerprint> all;
        for (std::uint64_t number : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{255}, ~std::uint64_t{0}}) {
            all.push_back(Fingerprint().add(number));
            all.push_back(Fingerprint().add(number).add(number));
        }
        for (std::size_t i = 0; i < all.size(); ++i) {
            for (std::size_t k = 0; k < i; ++k)
                QVERIFY(!(all[i] == all[k]));
        }
    }
};

QTEST_GUILESS_MAIN(TestLruCache)
#include "tst_base_lru_cache.moc"
