// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// No word of the window is cut at 1280 × 720, in any language: labels, buttons, fields, tabs, headers.
#include "tests/ui/window_test.h"
#include "tests/ui/window_under_test.h"
#include "ui/actions/action_registry.h"
#include "ui/pages/page.h"
#include "ui/text/translation.h"
#include "ui/widgets/elided_label.h"

#include <QAbstractButton>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QStyleOptionComboBox>
#include <QTabBar>
#include <QTextDocument>
#include <QToolButton>

using namespace qs;
using namespace qs::test;
using namespace qs::ui;

class TestTextWidths : public WindowTest
{
    Q_OBJECT

private slots:
    void init() { text::setLanguage(QStringLiteral("en")); }
    void nothingIsCut_data();
    void nothingIsCut();
    void cutTextsAreFound();
};

namespace {

constexpr QSize kSize(1280, 720);

QString fault(const QWidget &widget, const QString &text, int needed, int there)
{
    return QStringLiteral("%1 %2 “%3”: %4 of %5 pixels")
        .arg(QLatin1String(widget.metaObject()->className()), widget.objectName(), text)
        .arg(there)
        .arg(needed);
}

/// What is wrong with a label that neither wraps nor shows "…" by itself.
QString labelFault(const QLabel &label)
{
    const bool elides = qobject_cast<const ElidedLabel *>(&label) || label.inherits("qs::ui::ElidingLabel");
    const bool follows = label.wordWrap() || elides || !label.pixmap().isNull();
    if (follows || label.text().isEmpty() || Qt::mightBeRichText(label.text()))
        return {};
    int needed = 0;
    for (const QString &line : label.text().split(u'\n'))
        needed = std::max(needed, label.fontMetrics().horizontalAdvance(line));
    const int there = label.contentsRect().width();
    return needed > there ? fault(label, label.text(), needed, there) : QString();
}

QString buttonFault(const QAbstractButton &button)
{
    const auto *tool = qobject_cast<const QToolButton *>(&button);
    const bool shows = !button.text().isEmpty() && !(tool && tool->toolButtonStyle() == Qt::ToolButtonIconOnly);
    if (!shows)
        return {};
    const int needed = button.fontMetrics().size(Qt::TextShowMnemonic, button.text()).width() +
                       (button.icon().isNull() ? 0 : button.iconSize().width());
    return needed > button.width() ? fault(button, button.text(), needed, button.width()) : QString();
}

QString comboFault(const QComboBox &combo)
{
    QStyleOptionComboBox option;
    option.initFrom(&combo);
    const int there =
        combo.style()->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, &combo).width();
    const int needed = combo.fontMetrics().horizontalAdvance(combo.currentText());
    return needed > there ? fault(combo, combo.currentText(), needed, there) : QString();
}

QStringList tabFaults(const QTabBar &tabs)
{
    QStringList faults;
    for (int i = 0; i < tabs.count(); ++i) {
        const bool above = tabs.shape() == QTabBar::RoundedWest; // an icon stands above its name there
        const int needed = tabs.fontMetrics().horizontalAdvance(tabs.tabText(i)) +
                           (above || tabs.tabIcon(i).isNull() ? 0 : tabs.iconSize().width());
        if (needed > tabs.tabRect(i).width())
            faults << fault(tabs, tabs.tabText(i), needed, tabs.tabRect(i).width());
    }
    return faults;
}

QStringList headerFaults(const QHeaderView &header)
{
    QStringList faults;
    for (int i = 0; header.orientation() == Qt::Horizontal && i < header.count(); ++i) {
        const QString text = header.model()->headerData(i, Qt::Horizontal).toString();
        const int needed = header.fontMetrics().horizontalAdvance(text);
        if (!header.isSectionHidden(i) && needed > header.sectionSize(i))
            faults << fault(header, text, needed, header.sectionSize(i));
    }
    return faults;
}

/// Of all visible widgets.
QStringList cutTexts(const QWidget &window)
{
    QStringList faults;
    for (const QWidget *widget : window.findChildren<QWidget *>()) {
        if (!widget->isVisible() || widget->visibleRegion().isEmpty())
            continue;
        if (const auto *label = qobject_cast<const QLabel *>(widget))
            faults << labelFault(*label);
        else if (const auto *button = qobject_cast<const QAbstractButton *>(widget))
            faults << buttonFault(*button);
        else if (const auto *combo = qobject_cast<const QComboBox *>(widget))
            faults << comboFault(*combo);
        else if (const auto *tabs = qobject_cast<const QTabBar *>(widget))
            faults << tabFaults(*tabs);
        else if (const auto *header = qobject_cast<const QHeaderView *>(widget))
            faults << headerFaults(*header);
    }
    faults.removeAll(QString());
    return faults;
}

/// Results and layouts arrive one after the other: what stays cut.
QStringList cutAtLast(const QWidget &window)
{
    QStringList faults = cutTexts(window);
    for (int turn = 0; turn < 20 && !faults.isEmpty(); ++turn) {
        QTest::qWait(50);
        faults = cutTexts(window);
    }
    return faults;
}

} // namespace

void TestTextWidths::nothingIsCut_data()
{
    QTest::addColumn<QString>("language");
    QTest::addColumn<QString>("model");
    for (const text::Language &language : text::languages())
        for (const char *model : {"", "demo:digits", "demo:notebook"})
            QTest::addRow("%s %s", qPrintable(language.name), model) << language.name << QString::fromLatin1(model);
}

void TestTextWidths::nothingIsCut()
{
    QFETCH(QString, language);
    QFETCH(QString, model);
    text::setLanguage(language);
    WindowUnderTest t;
    t.window->setDefaultSize(kSize);
    QStringList faults = cutAtLast(*t.window);
    if (!model.isEmpty()) {
        QVERIFY(t.open(model));
        t.find<Selection>("selection")->setCurrent(0, 0);
        for (const PageInfo &info : pages()) {
            if (info.place != PagePlace::Tab || !t.window->showTab(info.id))
                continue;
            QVERIFY(t.settle());
            faults << cutAtLast(*t.window);
        }
        t.document->sideB().copyFromA();
        QVERIFY(t.window->showTab(QStringLiteral("compare")));
        QVERIFY(t.settle());
        faults << cutAtLast(*t.window);
        t.document->sideB().close();
        QVERIFY(t.find<ActionRegistry>("actions")->trigger("model.export"));
        QVERIFY(t.settle());
        QTest::qWait(200); // the plan arrives
        faults << cutAtLast(*t.window);
    }
    if (model.isEmpty()) {
        QVERIFY(t.window->startLesson(QStringLiteral("L3"), 2));
        QTRY_VERIFY(t.document->model());
        QVERIFY(t.settle());
        faults << cutAtLast(*t.window);
    }
    faults.removeDuplicates();
    QVERIFY2(faults.isEmpty(), qPrintable(faults.join('\n')));
}

void TestTextWidths::cutTextsAreFound()
{
    QWidget window;
    auto *label = new QLabel("A sentence that needs room", &window);
    auto *button = new QPushButton("A button that needs room", &window);
    auto *combo = new QComboBox(&window);
    combo->addItem("A choice that needs room");
    window.resize(400, 200);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    label->setGeometry(0, 0, 390, 20);
    button->setGeometry(0, 30, 390, 30);
    combo->setGeometry(0, 70, 390, 30);
    QCOMPARE(cutTexts(window), QStringList());
    for (QWidget *widget :
         {static_cast<QWidget *>(label), static_cast<QWidget *>(button), static_cast<QWidget *>(combo)})
        widget->resize(60, 30);
    QCOMPARE(cutTexts(window).size(), 3);
}

QTEST_MAIN(TestTextWidths)
#include "tst_text_widths.moc"
