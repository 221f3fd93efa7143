// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/overview/cards.h"

#include "core/analysis/shown_error.h"
#include "ui/document/document.h"
#include "ui/document/result_view.h"
#include "ui/text/format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"

#include <QGraphicsOpacityEffect>
#include <QGridLayout>
#include <QToolButton>

#include <algorithm>

namespace qs::ui {

namespace {

constexpr double kStaleOpacity = 0.5;
constexpr int kFrame = 4;
constexpr int kLongestName = 20; ///< the whole name stands in the tool tip
constexpr int kNarrowestCard = 150;

QString nameOf(const Report &report, std::size_t layer)
{
    return text::oneLine(report.layers[layer]->module);
}

/// One line per output of a graph, with the error in front of a softmax.
QString outputLines(const OutputErrorReport &output)
{
    QString lines;
    for (const NetworkOutputError &one : output.networkOutputs) {
        if (output.fed.empty())
            break;
        lines += QLatin1Char('\n') +
                 Card::tr("%1: %2").arg(text::oneLine(one.name), one.notAvailable.empty() || one.exact
                                                                     ? text::percent(one.relativeError, one.exact)
                                                                     : text::words(one.notAvailable));
        if (one.errorBefore)
            lines +=
                Card::tr(", %1 before %2").arg(text::percent(one.errorBefore), QString::fromStdString(one.squashedBy));
    }
    return lines;
}

/// What the layer costs alone; of its weights where no network runs.
QString worstErrorText(const Report &report, std::size_t layer)
{
    const bool network = report.outputError.kind == OutputErrorKind::Network;
    const auto error = network ? shownError(report, layer).value : report.layers[layer]->metrics.relativeError;
    return error || report.complete ? text::percent(error, error == 0.0) : text::pending();
}

/// The largest error in front of a softmax, for one line: what a softmax hides has to be seen without a tooltip.
QString errorBefore(const OutputErrorReport &output)
{
    const NetworkOutputError *worst = nullptr;
    for (const NetworkOutputError &one : output.networkOutputs)
        if (one.errorBefore && (worst == nullptr || *one.errorBefore > *worst->errorBefore))
            worst = &one;
    return worst != nullptr ? Card::tr("%1 before %2")
                                  .arg(text::percent(worst->errorBefore), QString::fromStdString(worst->squashedBy))
                            : QString();
}

} // namespace

Card::Card(QWidget *parent)
    : QFrame(parent)
    , m_key(new ElidedLabel)
    , m_value(new QLabel)
    , m_remark(new ElidedLabel)
    , m_other(new ElidedLabel)
{
    setObjectName(QStringLiteral("card"));
    m_key->setObjectName(QStringLiteral("cardKey"));
    m_value->setObjectName(QStringLiteral("cardValue"));
    m_remark->setObjectName(QStringLiteral("cardKey"));
    m_remark->setAllOrNothing(true);
    m_value->setTextFormat(Qt::PlainText);
    m_value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto *layout = new QGridLayout(this);
    layout->setContentsMargins(10, 6, 10, 7);
    layout->setHorizontalSpacing(8);
    layout->setVerticalSpacing(1);
    layout->addWidget(m_key, 0, 0, 1, 2);
    layout->addWidget(m_value, 1, 0);
    layout->addWidget(m_remark, 1, 1);
    m_other->setObjectName(QStringLiteral("cardOther"));
    m_other->hide();
    layout->addWidget(m_other, 2, 0, 1, 2);
    layout->setColumnStretch(1, 1);
    auto *effect = new QGraphicsOpacityEffect(this);
    effect->setOpacity(kStaleOpacity);
    effect->setEnabled(false);
    setGraphicsEffect(effect);
}

void Card::show(const QString &key, const QString &value, const QString &remark, const QString &help)
{
    m_key->setText(key);
    m_value->setText(value);
    m_remark->setText(remark);
    for (QWidget *widget : {static_cast<QWidget *>(this), static_cast<QWidget *>(m_value)})
        widget->setToolTip(text::plainToolTip(help));
    setAccessibleName(QStringLiteral("%1: %2 %3").arg(key, value, remark).trimmed());
}

void Card::setExplanation(const char *id)
{
    setProperty("explains", QString::fromLatin1(id));
}

void Card::setStale(bool stale)
{
    graphicsEffect()->setEnabled(stale);
}

void Card::setOther(const QString &other, const QString &help)
{
    m_other->setToolTip(text::plainToolTip(help));
    m_other->setText(other.isEmpty() ? QString() : tr("B  %1").arg(other));
    m_other->setVisible(!other.isEmpty());
    if (!other.isEmpty())
        setAccessibleName(tr("%1, B: %2").arg(accessibleName(), other));
}

void Card::addButton(QToolButton *button)
{
    static_cast<QGridLayout *>(layout())->addWidget(button, 0, 2, 2, 1, Qt::AlignRight | Qt::AlignVCenter);
}

int Card::namedWidth() const
{
    const auto *grid = static_cast<QGridLayout *>(layout());
    const QMargins margins = grid->contentsMargins() + contentsMargins();
    const QLayoutItem *button = grid->itemAtPosition(0, 2);
    const bool withRemark = m_needsRemark && !remark().isEmpty();
    const int remark = withRemark ? m_remark->sizeHint().width() + grid->horizontalSpacing() : 0;
    const int text = std::max(m_key->sizeHint().width(), m_value->sizeHint().width() + remark);
    return text + (button ? button->sizeHint().width() + grid->horizontalSpacing() : 0) + margins.left() +
           margins.right() + kFrame;
}

QString Card::key() const
{
    return m_key->text();
}

QString Card::value() const
{
    return m_value->text();
}

QString Card::remark() const
{
    return m_remark->text();
}

Cards::Cards(Setup *setup, QWidget *parent)
    : QWidget(parent)
    , m_setup(setup)
    , m_layout(new QGridLayout(this))
    , m_file(new QLabel)
    , m_size(new Card(this))
    , m_error(new Card(this))
    , m_accuracy(new Card(this))
    , m_worst(new Card(this))
    , m_exclude(new QToolButton)
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(8);
    // What lessons call them; object names are those of the style sheet.
    m_size->setProperty("target", QStringLiteral("card.size"));
    m_error->setProperty("target", QStringLiteral("card.error"));
    m_accuracy->setProperty("target", QStringLiteral("card.accuracy"));
    m_worst->setProperty("target", QStringLiteral("card.worst"));
    // Else the row of four could never become narrow enough for two rows.
    m_layout->setSizeConstraint(QLayout::SetNoConstraint);
    m_file->setObjectName(QStringLiteral("cardsFile"));
    m_file->setTextFormat(Qt::PlainText);
    m_file->hide();
    m_exclude->setObjectName(QStringLiteral("tiny"));
    m_exclude->setIcon(themedIcon(QStringLiteral("excluded")));
    m_exclude->setIconSize(QSize(16, 16));
    m_worst->addButton(m_exclude);
    m_worst->setRemarkNeeded();
    connect(m_exclude, &QToolButton::clicked, this, [this] {
        if (const auto &worst = m_setup->shownReport()->total.worstLayer)
            quantizeLayers(*m_setup, {*worst}, false);
    });
    auto *view = new ResultView(this, [this](Changes) { refresh(); });
    view->follow(setup,
                 Change::Model | Change::Recipe | Change::Results | Change::Stale | Change::Preview | Change::SideB);
    arrange();
    refresh();
}

/// As many beside each other as have room for their names and values; the last one takes what is left of its row.
void Cards::arrange()
{
    QList<Card *> cards;
    for (Card *card : {m_size, m_error, m_accuracy, m_worst}) {
        m_layout->removeWidget(card);
        if (!card->isHidden())
            cards << card;
    }
    int columns = static_cast<int>(cards.size());
    while (columns > 1 && widthOf(cards, columns) > width())
        columns = (columns + 1) / 2;
    for (int column = 0; column < 4; ++column)
        m_layout->setColumnMinimumWidth(column, 0);
    // Columns that it spans count, also without a card.
    m_layout->removeWidget(m_file);
    m_layout->addWidget(m_file, 0, 0, 1, columns);
    for (int i = 0; i < cards.size(); ++i) {
        const int column = i % columns;
        m_layout->addWidget(cards[i], 1 + i / columns, column, 1, i + 1 == cards.size() ? columns - column : 1);
        // Names go before remarks where there is no room for both.
        m_layout->setColumnMinimumWidth(column, std::max(m_layout->columnMinimumWidth(column), cards[i]->namedWidth()));
    }
    updateGeometry();
}

/// Width of a grid of so many columns in which every name and value can be read.
int Cards::widthOf(const QList<Card *> &cards, int columns) const
{
    int width = (columns - 1) * m_layout->horizontalSpacing();
    for (int column = 0; column < columns; ++column) {
        int widest = 0;
        for (int i = column; i < cards.size(); i += columns)
            widest = std::max(widest, cards[i]->namedWidth());
        width += widest;
    }
    return width;
}

QSize Cards::minimumSizeHint() const
{
    return {2 * kNarrowestCard, m_layout->minimumSize().height()};
}

void Cards::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void Cards::refresh()
{
    const std::shared_ptr<const Report> report = m_setup->shownReport();
    if (!report)
        return;
    const Preview *file = m_setup->preview().get();
    if (file)
        m_file->setText(
            tr("As written: %1")
                .arg(QString::fromUtf8(file->format->name.data(), static_cast<qsizetype>(file->format->name.size()))));
    if (m_setup->showsOther())
        m_file->setText(tr("B in place of A: %1").arg(m_setup->document().sideB().title()));
    m_file->setVisible(file || m_setup->showsOther());
    showReport(*report);
    showOther();
    arrange();
}

void Cards::showReport(const Report &report)
{
    const bool runs = report.outputError.reason.empty();
    m_size->setExplanation("card.size");
    m_error->setExplanation(runs ? "card.error" : "card.weights");
    m_accuracy->setExplanation("card.accuracy");
    m_worst->setExplanation(runs ? "card.worst" : "card.worstWeights");
    // Totals exist as soon as one analysis is complete; those of an earlier recipe stay, faded, until the next one is.
    const bool computed = report.complete || report.total.layers > 0;
    for (Card *card : {m_size, m_error, m_accuracy, m_worst})
        card->setStale(m_setup->isShownStale());
    if (computed) {
        showSize(report);
        showError(report);
        showAccuracy(report);
        showWorst(report);
        return;
    }
    m_size->show(tr("Size"), text::bytes(m_setup->model()->bytes()), {});
    m_error->show(runs ? tr("Output error") : tr("Weight error, all layers"), text::pending(), {});
    m_accuracy->setVisible(false);
    m_worst->show(runs ? tr("Largest error alone") : tr("Largest weight error"), text::pending(), {});
    m_exclude->hide();
}

void Cards::showOther()
{
    const SideB &sideB = m_setup->document().sideB();
    const std::shared_ptr<const Report> other = sideB.report();
    const bool known = other && (other->complete || other->total.layers > 0);
    QString size, error, errorHelp, accuracy, worst;
    if (sideB.isOpen() && !known) {
        size = error = text::pending();
    } else if (known) {
        size = sideB.kind() == SideB::Kind::File
                   ? text::bytes(other->total.bytesAfter)
                   : text::bytes(other->total.quantized > 0 ? other->total.bytesAfter : other->total.bytesBefore);
        const ShownError total = totalShownError(*other);
        if (other->outputError.kind != OutputErrorKind::Network)
            errorHelp =
                tr("Of B only the errors of its weights are known: %1").arg(text::words(other->outputError.reason));
        const bool comparable = total.kind == totalShownError(*m_setup->shownReport()).kind;
        if (total.state == ShownError::State::Kept)
            error = text::none();
        else
            error = comparable ? text::percent(total.value, total.value == 0.0)
                               : tr("%1 of the weights").arg(text::percent(total.value, total.value == 0.0));
        if (other->outputError.accuracyAfter)
            accuracy = text::accuracy(*other->outputError.accuracyAfter);
        else if (other->outputError.top1Agreement)
            accuracy = text::accuracy(*other->outputError.top1Agreement);
        if (const auto layer = other->total.worstLayer; layer && other->layers[*layer])
            worst =
                tr("%1, %2").arg(worstErrorText(*other, *layer), text::shortName(nameOf(*other, *layer), kLongestName));
    }
    m_size->setOther(size);
    m_error->setOther(error, errorHelp);
    m_accuracy->setOther(accuracy);
    m_worst->setOther(worst);
}

void Cards::showSize(const Report &report)
{
    const ReportTotal &total = report.total;
    const Preview *file = m_setup->preview().get();
    const std::uint64_t after = file ? file->plan.bytes : total.bytesAfter;
    QString help =
        (file ? tr("%1 before, %2 in the file: with its header, and codes and scales as the format lays them "
                   "out.")
              : tr("%1 before, %2 after: packed codes with scales and zero points, everything else as it is."))
            .arg(text::exactBytes(total.bytesBefore), text::exactBytes(after));
    if (total.bitsPerWeight)
        help += QLatin1Char('\n') +
                tr("%1 bits per quantized weight, scales included").arg(text::number(*total.bitsPerWeight, 3));
    m_size->show(file                                                 ? tr("Size of the file")
                 : total.quantized > 0 || m_setup->storedLayers() > 0 ? tr("Size, packed")
                                                                      : tr("Size"),
                 text::bytesChange(total.bytesBefore, after), text::sizeChange(total.bytesBefore, after), help);
}

void Cards::showError(const Report &report)
{
    const OutputErrorReport &output = report.outputError;
    const Metrics &weights = report.total.metrics;
    if (report.total.quantized == 0 && m_setup->storedLayers() > 0) {
        m_error->show(tr("Output error"), tr("unknown"), tr("the file holds no float weights"),
                      tr("The layers are quantized in this file already: there are no float weights to compare with."));
        return;
    }
    const ShownError total = totalShownError(report);
    const bool network = total.kind == ShownErrorKind::Alone;
    m_error->setExplanation(network ? "card.error" : "card.weights");
    if (total.state == ShownError::State::Kept) {
        m_error->show(network ? tr("Output error") : tr("Weight error, all layers"), text::none(),
                      tr("nothing is quantized"));
        return;
    }
    if (!network) {
        m_error->show(tr("Weight error, all layers"), text::percent(total.value, weights.exact),
                      text::decibel(weights.sqnrDb, weights.exact),
                      tr("Relative error of the weights of all layers together; a layer that is kept has none. A "
                         "screening number: the network was not run."));
        return;
    }
    const QString value = text::percent(total.value, output.exact);
    QString remark = errorBefore(output);
    QString help = tr("Relative error of the network's output, ‖y − ŷ‖ / ‖y‖, over %1 samples; SQNR %2")
                       .arg(text::count(output.samples), text::decibel(output.sqnrDb, output.exact));
    if (!output.notAvailable.empty())
        help = text::words(output.notAvailable);
    if (output.meanAbsErrorX1000 && showsMeanError(*m_setup->model())) {
        m_error->setExplanation("card.mean");
        remark = tr("mean |e| × 1000: %1").arg(text::number(*output.meanAbsErrorX1000, kResultDigits));
        help += QLatin1Char('\n') + tr("1000 · mean |y − ŷ|, as in the lecture: %1")
                                        .arg(text::number(*output.meanAbsErrorX1000, kResultDigits));
    }
    m_error->show(tr("Output error"), value, remark, help + outputLines(output));
}

void Cards::showAccuracy(const Report &report)
{
    const OutputErrorReport &output = report.outputError;
    const QString agreement = output.top1Agreement ? text::accuracy(*output.top1Agreement) : QString();
    m_accuracy->setVisible(output.top1Agreement || output.accuracyBefore);
    if (output.klMean) {
        QString help = tr("Kullback-Leibler divergence of the quantized network's words from the original's, mean over "
                          "tokens; at the worst token %1")
                           .arg(text::number(output.klMax.value_or(0), kResultDigits));
        QStringList beside;
        if (!agreement.isEmpty())
            beside << tr("%1 agree").arg(agreement);
        if (output.perplexityBefore && output.perplexityAfter)
            beside << tr("Perplexity %1 → %2")
                          .arg(text::number(*output.perplexityBefore, kResultDigits),
                               text::number(*output.perplexityAfter, kResultDigits));
        m_accuracy->setExplanation("card.kl");
        m_accuracy->show(tr("KL per token"), tr("%1 nats").arg(text::number(*output.klMean, kResultDigits)),
                         beside.join(QStringLiteral(" · ")), help);
        return;
    }
    if (output.accuracyBefore && report.total.quantized == 0 && m_setup->storedLayers() > 0)
        m_accuracy->show(tr("Accuracy"), text::accuracy(*output.accuracyBefore), {},
                         tr("Share of samples that the network of this file labels correctly"));
    else if (output.accuracyBefore && output.accuracyAfter)
        m_accuracy->show(tr("Accuracy"), text::accuracyChange(*output.accuracyBefore, *output.accuracyAfter),
                         agreement.isEmpty() ? QString() : tr("%1 agree").arg(agreement),
                         tr("Share of samples that the original and the quantized network label correctly; and how "
                            "often both give the same answer"));
    else if (output.top1Agreement) {
        m_accuracy->setExplanation("card.agreement");
        m_accuracy->show(tr("Top-1 agreement"), agreement, {},
                         tr("How often the original and the quantized network give the same answer"));
    }
}

void Cards::showWorst(const Report &report)
{
    const bool network = report.outputError.kind == OutputErrorKind::Network;
    const QString key = network ? tr("Largest error alone") : tr("Largest weight error");
    m_worst->setExplanation(network ? "card.worst" : "card.worstWeights");
    const auto worst = report.total.worstLayer;
    m_exclude->setVisible(worst && m_setup->isQuantized(*worst));
    if (!worst || !report.layers[*worst]) {
        const bool comes = !report.complete && report.total.quantized > 0;
        m_worst->show(key, comes ? text::pending() : text::none(), {});
        return;
    }
    const QString name = nameOf(report, *worst);
    m_worst->show(key, text::shortName(name, kLongestName), worstErrorText(report, *worst),
                  network ? tr("The network's output error when only %1 is quantized").arg(name)
                          : tr("The weights of %1 lose most").arg(name));
    const QString exclude = tr("Exclude %1").arg(name);
    m_exclude->setToolTip(text::plainToolTip(exclude));
    m_exclude->setAccessibleName(exclude);
}

} // namespace qs::ui
