// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/open_document.h"

using namespace qs;
using namespace qs::test;
using namespace qs::ui;

class TestSetup : public QObject
{
    Q_OBJECT
private slots:
    void twoOverOneModel();
    void bothFollowAnotherModel();
};

void TestSetup::twoOverOneModel()
{
    Document document;
    QVERIFY(open(document, "demo:digits"));
    Setup &first = *document.setups().front();
    Setup &second = *document.addSetup();
    QVERIFY(second.recipe() == first.recipe());
    Scheme scheme;
    scheme.bits = 4;
    changeScheme(second, scheme);
    quantizeLayers(first, {3}, false);
    const auto done = [](const Setup &setup) { return setup.analysis() == Setup::Analysis::Done; };
    QVERIFY(QTest::qWaitFor([&] { return done(first) && done(second); }, 20000));
    QCOMPARE(first.decision(0).scheme.bits, 8);
    QCOMPARE(second.decision(0).scheme.bits, 4);
    QVERIFY(!first.isQuantized(3) && second.isQuantized(3));
    QCOMPARE(first.report()->total.quantized, std::size_t{3});
    QCOMPARE(second.report()->total.quantized, std::size_t{4});
    QVERIFY(second.report()->total.metrics.relativeError > first.report()->total.metrics.relativeError);
    // Undo goes back in the order of the edits, to the setup that each of them changed.
    document.undoStack().undo();
    QVERIFY(first.isQuantized(3));
    QCOMPARE(second.recipe().scheme.bits, 4);
    document.undoStack().undo();
    QCOMPARE(second.recipe().scheme.bits, 8);
    QVERIFY(QTest::qWaitFor([&] { return done(first) && done(second); }, 20000));
}

void TestSetup::bothFollowAnotherModel()
{
    Document document;
    QVERIFY(open(document, "demo:digits"));
    Setup &second = *document.addSetup();
    quantizeLayers(second, {0}, false);
    document.undoStack().setClean();
    QVERIFY(open(document, "demo:notebook"));
    QTRY_COMPARE(second.analysis(), Setup::Analysis::Done);
    QCOMPARE(second.report()->layers.size(), document.model()->layers.size());
    QVERIFY(second.recipe() == document.setups().front()->recipe());
    QCOMPARE(document.undoStack().count(), 0);
}

QTEST_GUILESS_MAIN(TestSetup)
#include "tst_setup.moc"
