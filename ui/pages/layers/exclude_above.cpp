// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/layers/exclude_above.h"

#include "ui/document/result_view.h"

#include <QDoubleSpinBox>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>

#include <algorithm>
#include <cmath>

namespace qs::ui {

namespace {

constexpr double kBelowLargest = 0.9;

} // namespace

ExcludeAbove::ExcludeAbove(Setup *setup, LayerModel *model, QWidget *parent)
    : QFrame(parent, Qt::Popup)
    , m_setup(setup)
    , m_model(model)
    , m_limit(new QDoubleSpinBox)
    , m_count(new QLabel)
    , m_button(new QPushButton(tr("Exclude")))
{
    setObjectName(QStringLiteral("panel"));
    m_limit->setRange(0, 1000);
    m_limit->setDecimals(3);
    m_limit->setButtonSymbols(QAbstractSpinBox::NoButtons);
    m_limit->setSuffix(QStringLiteral("\u202f%"));
    m_limit->setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
    m_limit->setValue(proposal());
    m_limit->setAccessibleName(tr("Largest error that stays, in percent"));
    m_count->setObjectName(QStringLiteral("secondary"));
    m_button->setObjectName(QStringLiteral("primary"));

    const bool weights = model->errorKind() == ShownErrorKind::Weights;
    auto *layout = new QGridLayout(this);
    layout->setContentsMargins(14, 12, 14, 12);
    layout->addWidget(new QLabel(weights ? tr("Exclude layers whose weight error is above")
                                         : tr("Exclude layers whose output error, alone, is above")),
                      0, 0, 1, 2);
    layout->addWidget(m_limit, 1, 0, 1, 2);
    layout->addWidget(m_count, 2, 0);
    layout->addWidget(m_button, 2, 1, Qt::AlignRight);

    connect(m_limit, &QDoubleSpinBox::valueChanged, this, &ExcludeAbove::updateCount);
    (new ResultView(this, [this](Changes) { updateCount(); }))->follow(setup, Change::Results);
    connect(m_button, &QPushButton::clicked, this, &ExcludeAbove::apply);
    updateCount();
}

void ExcludeAbove::showIn(const QWidget *window)
{
    adjustSize();
    move(window->mapToGlobal(QPoint((window->width() - width()) / 2, window->height() / 5)));
    show();
    m_limit->setFocus();
    m_limit->selectAll();
}

LayerIndices ExcludeAbove::found() const
{
    LayerIndices result;
    for (std::size_t i = 0; i < m_setup->model()->layers.size(); ++i)
        if (const auto error = m_model->errorOf(i); error && *error * 100 > m_limit->value())
            result.push_back(i);
    return result;
}

/// A little below the largest error, two digits, so that the choice starts with the worst layer.
double ExcludeAbove::proposal() const
{
    double largest = 0;
    for (std::size_t i = 0; i < m_setup->model()->layers.size(); ++i)
        largest = std::max(largest, m_model->errorOf(i).value_or(0) * 100);
    if (!(largest > 0))
        return 1;
    const double below = largest * kBelowLargest;
    const double unit = std::pow(10, std::floor(std::log10(below)) - 1);
    return std::floor(below / unit) * unit;
}

void ExcludeAbove::updateCount()
{
    const std::size_t count = found().size();
    m_count->setText(tr("%1 of %2 layers").arg(count).arg(m_setup->model()->layers.size()));
    m_button->setEnabled(count > 0);
}

void ExcludeAbove::keyPressEvent(QKeyEvent *event)
{
    // The field has taken the number over and leaves the key to whom it is in.
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        m_button->click();
    else
        QFrame::keyPressEvent(event);
}

void ExcludeAbove::apply()
{
    quantizeLayers(*m_setup, found(), false);
    close();
}

} // namespace qs::ui
